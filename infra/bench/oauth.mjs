// @ts-check
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { startBastionary } from './bastionary.mjs';
import { figuresOf } from './figures.mjs';
import { kinds } from './kinds.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printTable, printVerdicts } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { basic, oidcProviderPaths, startPeer } from './subject.mjs';
import { checkJwt } from './tokens.mjs';

/** @typedef {import('./subject.mjs').Subject} Subject */

/**
 * The subjects as they are known to each kind of request: with which client it comes, and to which process.
 * @typedef {{ jwt: Subject, opaque: Subject, signing: Subject, refreshing: Subject }} Subjects
 */

const GOAL = 1.5;

/**
 * Every way to a token and what is done with it, this platform and oidc-provider next to each other in every round.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function oauthBench(options, folder, started) {
  const { connections, rounds, seconds } = options;
  const generate = await startGenerator(started);
  const { ours, theirs } = await startBoth(folder, started);
  for (const each of [ours.jwt, theirs.jwt]) await checkJwt(each, generate);

  const contestants = kinds.flatMap(({ name, by, nextJob }) =>
    [ours[by], theirs[by]].map((subject) => ({
      name: `${name}: ${subject.name}`,
      subject,
      nextJob: (/** @type {number} */ length, /** @type {number} */ lastRate = 1_000) =>
        nextJob({ subject, connections, seconds: length, lastRate, generate }),
    })),
  );
  const measured = await takeTurns(contestants, options, generate);
  const rows = contestants.map(({ name }, index) => ({ name, figures: figuresOf(measured[index]) }));
  const verdicts = kinds.flatMap(({ name }, index) => {
    const [our, their] = [rows[2 * index].figures, rows[2 * index + 1].figures];
    return [
      {
        name: `${name} : oidc-provider, requests/s`,
        value: our.requestsPerSecond / their.requestsPerSecond,
        atLeast: GOAL,
      },
      { name: `${name} : oidc-provider, CPU per request`, value: our.cpuPerRequest / their.cpuPerRequest },
    ];
  });
  printTable(`OAuth2 endpoints: ${connections} connections, ${rounds} rounds of ${seconds} s in turn, medians`, rows);
  console.log(
    'bastionary: PostgreSQL, which an acknowledged assertion, proof, opaque or refresh token has reached; its CPU is not in the column.',
  );
  console.log(
    'oidc-provider: a memory of its own, which keeps 1,000 to 2,000 things; it knows used assertions and proofs for so long.\n',
  );
  printVerdicts(verdicts);
  return { contestants: rows.map((row, index) => ({ ...row, rounds: measured[index] })), verdicts };
}

/** @param {string} folder @param {import('./started.mjs').Started} started @returns {Promise<{ ours: Subjects, theirs: Subjects }>} */
async function startBoth(folder, started) {
  const kid = randomUUID();
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }] };
  const signsWith = (/** @type {string} */ clientId) => ({ clientId, kid, key: privateKey.export({ format: 'jwk' }) });

  const { subject, application, register } = await startBastionary(folder, started);
  const signer = await register('Signer', { token_endpoint_auth_method: 'private_key_jwt', jwks });
  const opaque = await register('Opaque', { access_token_format: 'opaque' });
  const refreshing = await register('Refreshing', { grant_types: ['client_credentials', 'refresh_token'] });
  const ours = {
    jwt: subject,
    opaque: { ...subject, owner: basic(opaque) },
    signing: { ...subject, signer: signsWith(signer.id) },
    refreshing: { ...subject, owner: basic(refreshing) },
  };

  const peer = (/** @type {'jwt' | 'opaque'} */ format) =>
    startPeer(
      {
        name: 'oidc-provider',
        script: 'oidc-provider.mjs',
        env: { TOKEN_FORMAT: format, SIGNER_ID: signer.id, SIGNER_JWKS: JSON.stringify(jwks) },
        paths: oidcProviderPaths,
      },
      application,
      folder,
      started,
    );
  const jwt = await peer('jwt');
  const theirs = {
    jwt,
    opaque: await peer('opaque'),
    signing: { ...jwt, signer: signsWith(signer.id) },
    refreshing: { ...jwt, mintsAt: `${jwt.url}/bench/refresh-token` },
  };
  return { ours, theirs };
}
