// node check-vectors.mjs <licensing.json>: the published test vectors, with the installed package.
import { readFileSync } from 'node:fs';
import * as licensing from '@bastionary/sdk/licensing';

const { root, now, key_sets, revocation_lists, cases } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const keySet = licensing.verifyKeySet(key_sets.current, { root });
const verify = {
  key: licensing.verifyLicenseKey,
  'license-file': licensing.verifyLicenseFile,
  'machine-file': licensing.verifyMachineFile,
  'key-set': licensing.verifyKeySet,
  'revocation-list': licensing.verifyRevocationList,
  response: ({ request, headers, body }, options) =>
    licensing.verifyResponse({ headers, body }, { ...options, request }),
};

let wrong = 0;
for (const { name, verify: what, input, options, expect } of cases) {
  const at = new Date(options.now ?? now);
  const list = revocation_lists[options.revocation_list];
  const answer = verify[what](input, {
    keySet,
    root,
    now: at,
    revocationList: list ? licensing.verifyRevocationList(list, { keySet, now: at }) : null,
    lastSeen: options.last_seen,
    scheme: options.scheme,
    licenseKey: options.license_key,
    fingerprint: options.fingerprint,
    lastVersion: options.last_version,
    lastSequence: options.last_sequence,
    account: options.account,
    nonce: options.nonce,
  });
  const [found, wanted] = [answer.ok ? 'ok' : answer.reason, expect.ok ? 'ok' : expect.reason];
  if (found === wanted) continue;
  wrong++;
  console.log(`${name}: ${found}, expected ${wanted}`);
}
console.log(`${cases.length - wrong} of ${cases.length} vectors`);
process.exitCode = wrong > 0 ? 1 : 0;
