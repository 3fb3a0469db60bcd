// @ts-check
import { startBastionary } from './bastionary.mjs';
import { createCustomer } from './customer.mjs';
import { figuresOf } from './figures.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printTable, printVerdicts } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { barePaths, basic, oidcProviderPaths, startPeer } from './subject.mjs';
import { checkJwt, tokenJob } from './tokens.mjs';

/** @type {import('./subject.mjs').Peer[]} */
const peers = [
  { name: 'oidc-provider', script: 'oidc-provider.mjs', env: { TOKEN_FORMAT: 'jwt' }, paths: oidcProviderPaths },
  { name: 'bare, signing on the loop', script: 'bare/http.mjs', env: { SIGNING: 'loop' }, paths: barePaths },
  { name: 'bare, signing on the thread pool', script: 'bare/http.mjs', env: { SIGNING: 'pool' }, paths: barePaths },
  { name: 'bare Nest + Fastify (information)', script: 'bare/nest.mjs', paths: barePaths },
];

/**
 * Tokens by client_credentials with HTTP Basic: this platform (a client of its own, and one of a customer, whose tokens
 * say what it may do), its peer, and the least that does the same work.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function tokenBench(options, folder, started) {
  const { connections, rounds, seconds } = options;
  const generate = await startGenerator(started);
  const { subject, application, register, post } = await startBastionary(folder, started);
  const client = await register('Of a customer', { customer_id: await createCustomer(post) });
  const subjects = [subject, { ...subject, name: 'bastionary, a customer with 30 features', owner: basic(client) }];
  for (const peer of peers) subjects.push(await startPeer(peer, application, folder, started));
  const lengths = [];
  for (const each of subjects) lengths.push(await checkJwt(each, generate));

  const contestants = subjects.map((each) => ({
    name: each.name,
    subject: each,
    nextJob: (/** @type {number} */ length) => ({ ...tokenJob(each, connections), seconds: length }),
  }));
  const measured = await takeTurns(contestants, options, generate);
  const rows = contestants.map(({ name }, index) => ({ name, figures: figuresOf(measured[index]) }));
  const [ours, customers, peer, ...bare] = rows.map(({ figures }) => figures);
  const limit = Math.max(bare[0].requestsPerSecond, bare[1].requestsPerSecond);
  const verdicts = [
    {
      name: 'bastionary : oidc-provider, requests/s',
      value: ours.requestsPerSecond / peer.requestsPerSecond,
      atLeast: 1.8,
    },
    { name: 'bastionary : oidc-provider, CPU per token', value: ours.cpuPerRequest / peer.cpuPerRequest, atMost: 0.5 },
    {
      name: 'a customer with 30 features : the installation itself, requests/s',
      value: customers.requestsPerSecond / ours.requestsPerSecond,
      atLeast: 0.9,
    },
    {
      name: 'a customer with 30 features : the installation itself, CPU per token',
      value: customers.cpuPerRequest / ours.cpuPerRequest,
    },
    { name: 'bastionary : bare limit, requests/s', value: ours.requestsPerSecond / limit, atLeast: 0.65 },
  ];
  printTable(`Token endpoint: ${connections} connections, ${rounds} rounds of ${seconds} s in turn, medians`, rows);
  console.log(
    `ES256 JWTs of ${[...new Set(lengths)].join(', ')} characters in the order of the rows, checked with jose.`,
  );
  console.log('bastionary: PostgreSQL, worker, default settings. oidc-provider: in-memory adapter.\n');
  printVerdicts(verdicts);
  return { contestants: rows.map((row, index) => ({ ...row, rounds: measured[index] })), verdicts };
}
