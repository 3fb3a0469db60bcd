import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  verifyKeySet,
  verifyLicenseFile,
  verifyLicenseKey,
  verifyMachineFile,
  verifyResponse,
  verifyRevocationList,
} from './licensing.js';

interface Vector {
  readonly name: string;
  readonly verify: keyof typeof verifiers;
  readonly input: never;
  readonly options: Record<string, never>;
  readonly expect: Record<string, unknown>;
}

const published = JSON.parse(readFileSync(new URL('../vectors/licensing.json', import.meta.url), 'utf8'));
const { root, now: vectorNow, revocation_lists: lists } = published;

const found = verifyKeySet(published.key_sets.current, { root });
if (!found.ok) throw new Error(found.detail);
const keySet = found;

function options(given: Vector['options']) {
  const now = new Date(given.now ?? vectorNow);
  const name = given.revocation_list;
  const list = name ? verifyRevocationList(lists[name], { keySet, now }) : null;
  if (list && !list.ok) throw new Error(list.detail);
  return {
    keySet,
    root,
    now,
    revocationList: list,
    lastSeen: given.last_seen ?? null,
    scheme: given.scheme ?? null,
    licenseKey: given.license_key ?? null,
    fingerprint: given.fingerprint ?? '',
    lastVersion: given.last_version ?? null,
    lastSequence: given.last_sequence ?? null,
    account: given.account ?? null,
    nonce: given.nonce ?? null,
  };
}

const verifiers = {
  key: (text: string, given: ReturnType<typeof options>) => verifyLicenseKey(text, given),
  'license-file': (text: string, given: ReturnType<typeof options>) => verifyLicenseFile(text, given),
  'machine-file': (text: string, given: ReturnType<typeof options>) => verifyMachineFile(text, given),
  'key-set': (text: string, given: ReturnType<typeof options>) => verifyKeySet(text, given),
  'revocation-list': (text: string, given: ReturnType<typeof options>) => verifyRevocationList(text, given),
  response: (
    { request, headers, body }: { request: never; headers: Record<string, string>; body: string },
    given: ReturnType<typeof options>,
  ) => verifyResponse({ headers, body }, { ...given, request }),
};

describe('published vectors', () => {
  test.each(published.cases as Vector[])('$name', ({ verify, input, options: given, expect: expected }) => {
    const answer = verifiers[verify](input, options(given));
    expect(answer).toMatchObject(expected);
    if (!answer.ok) {
      expect(answer.detail).toMatch(/^[\x20-\x7e]+\.$/);
      expect(answer.remedy).toMatch(/\.$/);
    }
  });
});
