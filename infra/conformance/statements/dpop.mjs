// @ts-check
import { introspect, obtain } from '../ask.mjs';
import { issued, nonceWanted } from '../expectations.mjs';
import { key, now } from '../jwt.mjs';
import { askResource, askWithProof, tokenProof } from '../proof.mjs';
import { clientOf } from '../subjects/subject.mjs';
import { claimsOf } from './access-token.mjs';
import { refuseProofs } from './dpop-refusals.mjs';

/** @type {import('../trial.mjs').Statement[]} */
export const dpop = [
  {
    id: 62,
    clause: 'RFC 9449 §4.3, §5, §6, §8',
    demand: 'DPoP: nonce, every check of a proof, replay, token_type, cnf.jkt; a bound token is no bearer token',
    async run(subject, trial) {
      const client = await clientOf(subject, 'dpopSecret');
      const url = subject.url + subject.paths.token;
      const at = now();
      const { thumbprint } = await key('ES256', 'proof');

      const first = await askWithProof(subject, client, { claims: { nonce: undefined } });
      trial.answer('without a nonce', first, nonceWanted);
      trial.check(
        'DPoP-Nonce',
        /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(first.headers['dpop-nonce'] ?? ''),
        first.headers['dpop-nonce'],
      );
      await trial.each([
        ['with it', () => askWithProof(subject, client), issued],
        [
          'htu with query and fragment',
          () => askWithProof(subject, client, { claims: { htu: `${url}?a=b#c` } }),
          issued,
        ],
        [
          'htu with the host in upper case',
          () => askWithProof(subject, client, { claims: { htu: url.replace('http', 'HTTP') } }),
          issued,
        ],
        ['iat 10 s ago', () => askWithProof(subject, client, { claims: { iat: at - 10 } }), issued],
        ['iat in 10 s', () => askWithProof(subject, client, { claims: { iat: at + 10 } }), issued],
      ]);
      await refuseProofs(subject, client, trial);

      const { json } = await askWithProof(subject, await clientOf(subject, 'dpopOpaque'));
      trial.check('token_type', json.token_type === 'DPoP', json.token_type);
      const seen = await introspect(subject, await clientOf(subject, 'asker'), json.access_token);
      trial.check('introspected cnf.jkt', seen.json.cnf?.jkt === thumbprint, seen.text);
      trial.check('introspected token_type', seen.json.token_type === 'DPoP', seen.json.token_type);
      const jwt = claimsOf((await askWithProof(subject, client)).json.access_token);
      trial.check('cnf.jkt of the JWT', jwt.cnf?.jkt === thumbprint, jwt.cnf);
      const voluntary = await obtain(subject, await clientOf(subject, 'secret'), {
        headers: { dpop: await tokenProof(subject) },
      });
      trial.check('a proof of a client that need not', voluntary.token_type === 'DPoP', voluntary.token_type);

      if (!subject.guarded) return;
      const { url: guarded, scope } = subject.guarded;
      const bound = await subject.register({ scopes: [scope], dpop_bound_access_tokens: true });
      const { access_token } = (await askWithProof(subject, bound)).json;
      const asBearer = await askResource(guarded, access_token, { scheme: 'Bearer', sendProof: false });
      trial.check('bound token as Bearer', asBearer.status === 401, String(asBearer.status));
      const bearerWithProof = await askResource(guarded, access_token, { scheme: 'Bearer' });
      trial.check(
        'bound token as Bearer beside a proof',
        bearerWithProof.status === 401,
        String(bearerWithProof.status),
      );
      const asDpop = await askResource(guarded, access_token);
      trial.check('bound token with its proof', asDpop.status === 200, `${asDpop.status} ${asDpop.text.slice(0, 100)}`);
    },
  },
];
