import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import {
  verifyKeySet,
  verifyLicenseFile,
  verifyLicenseKey,
  verifyMachineFile,
  verifyRevocationList,
} from './licensing.js';

// N70, scenario 21: whatever is changed in what was signed, nothing of it is accepted. TEST_MUTATIONS says how many, and
// TEST_SEED which: a failure names its seed.
const COUNT = Number(process.env.TEST_MUTATIONS ?? 10_000);
const SEED = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

const published = JSON.parse(readFileSync(new URL('../vectors/licensing.json', import.meta.url), 'utf8'));
const { root } = published;
const found = verifyKeySet(published.key_sets.current, { root });
if (!found.ok) throw new Error(found.detail);
const keySet = found;
const options = { keySet, now: new Date(published.now) };

interface Original {
  readonly name: string;
  readonly verify: string;
  readonly input: string;
  readonly options: { readonly license_key?: string; readonly fingerprint?: string };
}
interface Good {
  readonly verify: string;
  readonly expect: { readonly ok: boolean };
  readonly options: { readonly now?: string; readonly revocation_list?: string };
}
const good = published.cases.filter(({ verify, expect: expected, options: given }: Good) => {
  return expected.ok && !['response', 'key-set'].includes(verify) && !given.now && !given.revocation_list;
}) as Original[];
const originals: Original[] = [
  ...good,
  { name: 'key set', verify: 'key-set', input: published.key_sets.current.signed, options: {} },
];

function isAccepted({ verify, options: given }: Original, text: string): boolean {
  const { license_key: licenseKey = null, fingerprint = '' } = given;
  if (verify === 'key') return verifyLicenseKey(text, options).ok;
  if (verify === 'license-file') return verifyLicenseFile(text, { ...options, licenseKey }).ok;
  if (verify === 'machine-file') return verifyMachineFile(text, { ...options, licenseKey, fingerprint }).ok;
  if (verify === 'revocation-list') return verifyRevocationList(text, options).ok;
  return verifyKeySet(text, { root }).ok;
}

let state = SEED;
/** A whole number from 0 to below `end` (mulberry32). */
function below(end: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
}
const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
const put = (text: string, at: number, length: number, what: string) =>
  text.slice(0, at) + what + text.slice(at + length);

const KIDS: string[] = [...keySet.verified.keys.map((key) => key.kid), 'unknown', ''];
const ALGORITHMS = ['ed25519', 'ecdsa-p256', 'rsa-pss-sha256', 'rsa-sha256', 'none', 'hs256', ''];

/** Changes of text that know nothing of the format. Line breaks carry nothing, so they are left alone. */
const ofText: ((text: string) => string)[] = [
  (text) => {
    const at = below(text.length);
    return put(text, at, 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << below(8))));
  },
  (text) => put(text, below(text.length), 1, String.fromCharCode(33 + below(94))),
  (text) => put(text, below(text.length), 0, String.fromCharCode(33 + below(94))),
  (text) => put(text, below(text.length), 1 + below(4), ''),
  (text) => text.slice(0, below(text.length)),
  (text) => text.slice(1 + below(text.length - 1)),
  (text) => put(text, below(text.length), 8, text.slice(below(text.length)).slice(0, 8)),
];

/** A byte of base64 made another, spelled as it should be. */
function ofBytes(encoded: string, spelling: 'base64' | 'base64url'): string {
  const bytes = Buffer.from(encoded, spelling);
  const at = below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
  const text = bytes.toString(spelling);
  return encoded.endsWith('=') ? text.padEnd(encoded.length, '=') : text;
}

function ofFile(text: string, other: string): string {
  const envelope = (file: string) => {
    const [first = '', ...lines] = file.trim().split(/\r?\n/);
    const last = lines.pop() ?? '';
    return { first, last, body: JSON.parse(Buffer.from(lines.join(''), 'base64').toString()) };
  };
  const { first, last, body } = envelope(text);
  const changes: (() => object)[] = [
    () => ({ ...body, sig: ofBytes(body.sig, 'base64') }),
    () => ({
      ...body,
      enc: body.enc
        .split('.')
        .map((part: string) => ofBytes(part, 'base64'))
        .join('.'),
    }),
    () => ({ ...body, enc: put(body.enc, below(body.enc.length), 1, oneOf([...'AZaz09+/=.'])) }),
    () => ({ ...body, alg: `${oneOf(['base64', 'aes-256-gcm', 'aes-128-gcm', ''])}+${oneOf(ALGORITHMS)}` }),
    () => ({ ...body, kid: oneOf(KIDS) }),
    () => ({ ...body, kid: undefined }),
    () => ({ ...body, sig: envelope(other).body.sig }),
    () => ({ ...body, enc: envelope(other).body.enc }),
    () => ({ ...body, sig: Buffer.alloc(oneOf([0, 64, 72, 256])).toString('base64') }),
  ];
  const changed = Buffer.from(JSON.stringify(oneOf(changes)())).toString('base64');
  const kinds =
    below(8) === 0 ? [first.replace(/LICENSE|MACHINE/, oneOf(['LICENSE', 'MACHINE', 'OTHER'])), last] : [first, last];
  return [kinds[0], ...(changed.match(/.{1,60}/g) ?? []), kinds[1], ''].join('\n');
}

function ofDotted(text: string, other: string): string {
  const prefix = text.startsWith('key/') ? 'key/' : '';
  const parts = text.trim().slice(prefix.length).split('.');
  const strange = other.slice(other.startsWith('key/') ? 4 : 0).split('.');
  const at = below(parts.length);
  const named = Buffer.from(parts[0] ?? '', 'base64url').toString();
  const renamed = named.replace(
    /"(kid|alg|typ)":"[^"]*"/,
    (_, name) => `"${name}":"${oneOf([...KIDS, ...ALGORITHMS])}"`,
  );
  const changes: (() => string)[] = [
    () => prefix + parts.with(at, ofBytes(parts[at] ?? '', 'base64url')).join('.'),
    () => prefix + parts.with(0, Buffer.from(renamed).toString('base64url')).join('.'),
    () => prefix + parts.with(at, strange[at] ?? '').join('.'),
    () => prefix + parts.with(at, '').join('.'),
    () => `${oneOf(['', 'key', 'KEY/', 'license/', 'machine/', 'key//'])}${parts.join('.')}`,
  ];
  return oneOf(changes)();
}

const carried = (text: string): string => text.trim().replace(/\r?\n/g, '');

test(`${COUNT} mutations, none accepted (seed ${SEED})`, () => {
  expect(originals.filter((one) => !isAccepted(one, one.input)).map((one) => one.name)).toEqual([]);
  const accepted: object[] = [];
  for (let made = 0; made < COUNT; ) {
    const original = oneOf(originals);
    const other = oneOf(originals.filter((one) => one.input.includes('BEGIN') === original.input.includes('BEGIN')));
    const ofForm = original.input.includes('BEGIN') ? ofFile : ofDotted;
    const text = below(2) === 0 ? oneOf(ofText)(original.input) : ofForm(original.input, other.input);
    if (carried(text) === carried(original.input) || carried(text) === carried(other.input)) continue;
    made++;
    if (isAccepted(original, text)) accepted.push({ name: original.name, text });
  }
  expect(accepted).toEqual([]);
});
