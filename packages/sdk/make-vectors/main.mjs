// @ts-check
import { writeFileSync } from 'node:fs';
import { publicJwk } from '@bastionary/licensing/rules/formats/trusted-keys';
import { cases } from './cases.mjs';
import { account, folder, keySets, NOW, revocationLists, root } from './issuer.mjs';
import './signed-keys.mjs';
import './files.mjs';
import './lists.mjs';
import './responses.mjs';

// `node make-vectors/main.mjs` writes vectors/licensing.json anew: every format with every algorithm, and what must be refused.
const document = {
  about:
    'What verifiers of Bastionary licences must accept and refuse. Everything was signed with the keys of test-keys.json.',
  now: NOW,
  root: publicJwk(root.privateKey).x,
  account,
  key_sets: keySets,
  revocation_lists: revocationLists,
  cases,
};
writeFileSync(new URL('licensing.json', folder), `${JSON.stringify(document, null, 2)}\n`);
process.stdout.write(`${cases.length} vectors\n`);
