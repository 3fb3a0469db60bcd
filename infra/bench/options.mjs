// @ts-check
import { parseArgs } from 'node:util';

/**
 * @typedef {'token' | 'introspect' | 'oauth' | 'limits' | 'memory' | 'timing' | 'webhooks' | 'usage' | 'usage-query' | 'licensing' | 'billing-run' | 'finance' | 'start'} BenchName
 * @typedef {object} Options
 * @property {BenchName[]} benches
 * @property {number} seconds of one round
 * @property {number} rounds
 * @property {number} connections
 * @property {number} tokens that `memory` issues
 * @property {number} samples of each kind that `timing` takes
 * @property {number} customers of `billing-run`
 * @property {boolean} warmCaches `start` may use what npm and pnpm have downloaded before
 * @property {string | undefined} json file for the raw figures
 * @property {boolean} help
 */

export const usage = `npm run bench -- [token] [introspect] [oauth] [limits] [memory] [timing] [webhooks] [usage] [usage-query] [licensing] [billing-run] [finance] [start] [options]

  token        token endpoint, beside oidc-provider and the bare limit
  introspect   introspection endpoint, the same
  oauth        every way to a token and what follows, beside oidc-provider
  limits       one client at five times its limit, and what the others notice
  memory       of the api process over a million tokens
  timing       of refusals: unknown client or wrong secret
  webhooks     deliveries per minute with one worker, beside an endpoint that hangs
  usage-query  GET /api/usage over ten million events (BENCH_USAGE_EVENTS), beside the bare scan
  licensing    validations, heartbeats and activations among a million licences (BENCH_LICENSES), and among ten thousand
  billing-run  a month of invoices, drafted and made final by one worker, and twice as many
  finance      questions and screens over 2,000 customers and three years (BENCH_FINANCE_CUSTOMERS, BENCH_FINANCE_YEARS)
  usage        events per second: 1, 100 and 1,000 per request, beside the bare limit
  start        from a clone to the first token, and the second start
  (none)       token and introspect

  --seconds N      of one round (5)
  --rounds N       (3)
  --connections N  kept alive by the load generator (32)
  --tokens N       memory: how many JWTs (1000000), and a fifth as many opaque tokens
  --samples N      timing: of each kind (2000)
  --customers N    billing-run: in the first round (20000)
  --warm-caches    start: with what npm and pnpm have downloaded before
  --json FILE      write the raw figures`;

/** @type {BenchName[]} */
const known = [
  'token',
  'introspect',
  'oauth',
  'limits',
  'memory',
  'timing',
  'webhooks',
  'usage',
  'usage-query',
  'licensing',
  'billing-run',
  'finance',
  'start',
];

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '32' },
      tokens: { type: 'string', default: '1000000' },
      samples: { type: 'string', default: '2000' },
      customers: { type: 'string', default: '20000' },
      'warm-caches': { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const stranger = positionals.find((name) => !known.some((bench) => bench === name));
  if (stranger) throw new Error(`There is no bench "${stranger}".\n\n${usage}`);
  const chosen = known.filter((bench) => positionals.includes(bench));
  return {
    benches: chosen.length > 0 ? chosen : ['token', 'introspect'],
    seconds: count('seconds', values.seconds),
    rounds: count('rounds', values.rounds),
    connections: count('connections', values.connections),
    tokens: count('tokens', values.tokens),
    samples: count('samples', values.samples),
    customers: count('customers', values.customers),
    warmCaches: values['warm-caches'],
    json: values.json,
    help: values.help,
  };
}

/** @param {string} name @param {string} text */
function count(name, text) {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--${name} takes a whole number of at least 1, not "${text}".`);
  return Number(text);
}
