// @ts-check
import { startBastionary } from './bastionary.mjs';
import { figuresOf } from './figures.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printTable, printVerdicts } from './report.mjs';
import { takeTurns } from './rounds.mjs';
import { barePaths, basic, oidcProviderPaths, startPeer } from './subject.mjs';
import { introspectJob, issueTokens } from './tokens.mjs';

/** @typedef {import('./load/start-generator.mjs').Generate} Generate */
/** @typedef {import('./subject.mjs').Subject} Subject */

const TOKENS_SEEN = 1_000;
const FRESH_TOKENS_PER_SECOND = 4_000;

/** @type {import('./subject.mjs').Peer[]} */
const peers = [
  {
    name: 'oidc-provider, opaque tokens',
    script: 'oidc-provider.mjs',
    env: { TOKEN_FORMAT: 'opaque' },
    paths: oidcProviderPaths,
  },
  { name: 'bare, a Map', script: 'bare/http.mjs', env: { SIGNING: 'loop', REMEMBER: '1' }, paths: barePaths },
];

/**
 * Introspection by a resource server: of tokens it has asked about before, and of tokens nobody has asked about.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function introspectBench(options, folder, started) {
  const { connections, rounds, seconds } = options;
  const generate = await startGenerator(started);
  const { subject, application, register } = await startBastionary(folder, started);
  const opaque = { ...subject, owner: basic(await register('Opaque', { access_token_format: 'opaque' })) };
  const [oidcProvider, bare] = [
    await startPeer(peers[0], application, folder, started),
    await startPeer(peers[1], application, folder, started),
  ];
  const contestants = [
    seenBefore('bastionary, tokens seen before', subject, connections, generate),
    seenOnce('bastionary, each token once', subject, connections, generate),
    seenBefore(oidcProvider.name, oidcProvider, connections, generate),
    seenBefore(bare.name, bare, connections, generate),
    seenBefore('bastionary, opaque tokens seen before', opaque, connections, generate),
    seenOnce('bastionary, each opaque token once', opaque, connections, generate),
  ];
  const measured = await takeTurns(contestants, options, generate);
  const rows = contestants.map(({ name }, index) => ({ name, figures: figuresOf(measured[index]) }));
  const [seen, once, peer, limit, opaqueSeen, opaqueOnce] = rows.map(({ figures }) => figures);
  const verdicts = [
    {
      name: 'seen before : oidc-provider, requests/s',
      value: seen.requestsPerSecond / peer.requestsPerSecond,
      atLeast: 1.8,
    },
    {
      name: 'seen before : oidc-provider, CPU per request',
      value: seen.cpuPerRequest / peer.cpuPerRequest,
      atMost: 0.5,
    },
    {
      name: 'seen before : bare limit, requests/s',
      value: seen.requestsPerSecond / limit.requestsPerSecond,
      atLeast: 0.65,
    },
    { name: 'each once : oidc-provider, requests/s', value: once.requestsPerSecond / peer.requestsPerSecond },
    { name: 'each once : oidc-provider, CPU per request', value: once.cpuPerRequest / peer.cpuPerRequest },
    {
      name: 'opaque seen before : oidc-provider, requests/s',
      value: opaqueSeen.requestsPerSecond / peer.requestsPerSecond,
      atLeast: 1.5,
    },
    {
      name: 'each opaque once : oidc-provider, requests/s',
      value: opaqueOnce.requestsPerSecond / peer.requestsPerSecond,
    },
  ];
  printTable(`Introspection: ${connections} connections, ${rounds} rounds of ${seconds} s in turn, medians`, rows);
  console.log(
    `Seen before: ${TOKENS_SEEN.toLocaleString('en')} tokens in rotation. Each once: for every request an ES256 signature is verified, or a row of PostgreSQL read.`,
  );
  console.log(
    'oidc-provider cannot introspect its own JWTs; it looks up its opaque tokens in memory, which is its fastest case.\n',
  );
  printVerdicts(verdicts);
  return { contestants: rows.map((row, index) => ({ ...row, rounds: measured[index] })), verdicts };
}

/** @param {string} name @param {Subject} subject @param {number} connections @param {Generate} generate */
function seenBefore(name, subject, connections, generate) {
  return {
    name,
    subject,
    /** @param {number} seconds */
    async nextJob(seconds) {
      const tokens = await issueTokens(subject, TOKENS_SEEN, connections, generate);
      const job = introspectJob(subject, tokens, connections);
      await generate({ ...job, amount: TOKENS_SEEN });
      return { ...job, seconds };
    },
  };
}

/** @param {string} name @param {Subject} subject @param {number} connections @param {Generate} generate */
function seenOnce(name, subject, connections, generate) {
  return {
    name,
    subject,
    /** @param {number} seconds */
    async nextJob(seconds) {
      const amount = FRESH_TOKENS_PER_SECOND * seconds;
      const tokens = await issueTokens(subject, amount, connections, generate);
      return { ...introspectJob(subject, tokens, connections), amount };
    },
  };
}
