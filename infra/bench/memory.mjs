// @ts-check
import { freePort } from '../processes.mjs';
import { startBastionary } from './bastionary.mjs';
import { startGenerator } from './load/start-generator.mjs';
import { printVerdicts } from './report.mjs';
import { basic } from './subject.mjs';
import { introspectJob, issueTokens, tokenJob } from './tokens.mjs';

/** @typedef {import('./load/start-generator.mjs').Generate} Generate */
/** @typedef {import('./subject.mjs').Subject} Subject */
/** @typedef {{ tokens: number, rss: number, heapUsed: number, external: number }} Sample bytes, after so many tokens */

const MARKS = [0.1, 0.5, 1];
/** Opaque tokens are a fifth as many; each is issued, then introspected. */
const OPAQUE_SHARE = 0.2;
const OPAQUE_AT_ONCE = 5_000;
/** What the memory may grow by between the first tenth, when its caches are full, and the end. */
const GROWTH_MAX = 1.1;
const MIB = 2 ** 20;

/**
 * The memory of the api process over many tokens: what grows with each of them would show as a slope.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function memoryBench({ tokens, connections }, folder, started) {
  const generate = await startGenerator(started);
  const port = await freePort();
  const { subject, register } = await startBastionary(folder, started, {
    NODE_OPTIONS: `--expose-gc --import ${new URL('memory-probe.mjs', import.meta.url).href}`,
    MEMORY_PROBE_PORT: String(port),
  });
  const opaque = { ...subject, owner: basic(await register('Opaque', { access_token_format: 'opaque' })) };
  const sample = async (/** @type {number} */ issued) => {
    const answer = await fetch(`http://127.0.0.1:${port}`);
    return /** @type {Sample} */ ({ tokens: issued, .../** @type {object} */ (await answer.json()) });
  };

  const jwts = await sampled(tokens, sample, (amount) => issueJwts(subject, amount, connections, generate));
  print('JWTs issued', jwts);
  const opaques = await sampled(Math.ceil(tokens * OPAQUE_SHARE), sample, (amount) =>
    issueAndIntrospect(opaque, amount, connections, generate),
  );
  print('Opaque tokens issued and introspected', opaques);
  const verdicts = [...growth('JWTs', jwts), ...growth('opaque tokens', opaques)];
  printVerdicts(verdicts);
  return { samples: { jwts, opaques }, verdicts };
}

/**
 * @param {number} amount
 * @param {(issued: number) => Promise<Sample>} sample
 * @param {(amount: number) => Promise<void>} work
 */
async function sampled(amount, sample, work) {
  const samples = [await sample(0)];
  let done = 0;
  for (const mark of MARKS) {
    const upTo = Math.ceil(amount * mark);
    await work(upTo - done);
    done = upTo;
    samples.push(await sample(done));
  }
  return samples;
}

/** @param {Subject} subject @param {number} amount @param {number} connections @param {Generate} generate */
async function issueJwts(subject, amount, connections, generate) {
  check(await generate({ ...tokenJob(subject, Math.min(connections, amount)), amount }));
}

/** @param {Subject} subject @param {number} amount @param {number} connections @param {Generate} generate */
async function issueAndIntrospect(subject, amount, connections, generate) {
  for (let done = 0; done < amount; done += OPAQUE_AT_ONCE) {
    const some = Math.min(OPAQUE_AT_ONCE, amount - done);
    const tokens = await issueTokens(subject, some, connections, generate);
    check(await generate({ ...introspectJob(subject, tokens, Math.min(connections, some)), amount: some }));
  }
}

/** @param {import('./load/generator.mjs').Load} load */
function check({ requests, refused, wrong }) {
  if (refused + wrong > 0) throw new Error(`Of ${requests} requests ${refused} were refused and ${wrong} failed.`);
}

/** @param {string} title @param {Sample[]} samples */
function print(title, samples) {
  console.log(`${title}; MiB of the api process after a garbage collection\n`);
  console.log(['tokens', 'RSS', 'heap', 'buffers'].map((name) => name.padStart(10)).join(''));
  for (const { tokens, rss, heapUsed, external } of samples) {
    const cells = [tokens.toLocaleString('en'), ...[rss, heapUsed, external].map((bytes) => (bytes / MIB).toFixed(1))];
    console.log(cells.map((cell) => cell.padStart(10)).join(''));
  }
  console.log();
}

/** From the first tenth to the end. @param {string} name @param {Sample[]} samples */
function growth(name, samples) {
  const [, first] = samples;
  const last = samples[samples.length - 1];
  const issued = last.tokens - first.tokens;
  return [
    { name: `${name}: RSS at the end : at 10 %`, value: last.rss / first.rss, atMost: GROWTH_MAX },
    { name: `${name}: heap at the end : at 10 %`, value: last.heapUsed / first.heapUsed, atMost: GROWTH_MAX },
    { name: `${name}: slope of RSS`, value: (last.rss - first.rss) / issued, unit: ' bytes per token' },
    { name: `${name}: slope of heap`, value: (last.heapUsed - first.heapUsed) / issued, unit: ' bytes per token' },
  ];
}
