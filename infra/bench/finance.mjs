// @ts-check
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../postgres/start-postgres.mjs';
import { freePort } from '../processes.mjs';
import { startNode } from '../start/node-process.mjs';
import { node } from '../start/places.mjs';
import { run } from '../start/run.mjs';
import { managementToken } from './bastionary.mjs';
import { visitScreens } from './finance-screens.mjs';
import { printVerdicts } from './report.mjs';
import { plainEnv } from './subject.mjs';

const {
  BENCH_FINANCE_CUSTOMERS: CUSTOMERS = '2000',
  BENCH_FINANCE_YEARS: YEARS = '3',
  /** A migrated database: one without customers is filled, any other is looked at as it is. */
  BENCH_FINANCE_DATABASE_URL: DATABASE_URL,
  BENCH_FINANCE_SCREENSHOTS: SCREENSHOTS,
} = process.env;
const ASKED = 15;

/** @typedef {(path: string) => Promise<any>} Get */

/**
 * Finance over years of many customers: how long every question takes, whether every number is the sum of its rows and of its CSV in
 * every currency, and how soon the screens show something. No worker runs, so that nothing changes meanwhile.
 * @param {import('./options.mjs').Options} _options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function financeBench(_options, folder, started) {
  const { url, get, signInLink, made } = await open(folder, started);
  console.log(`Finance: ${CUSTOMERS} customers, ${YEARS} years${made}\n`);
  const { currencies } = await get('/api/finance/overview');
  const spans = spansUntil(new Date());
  const requests = await ask(get, currencies[0], spans);
  for (const { name, p50, most } of requests) {
    console.log(`${name.padEnd(58)} p50 ${p50.toFixed(0).padStart(5)} ms  most ${most.toFixed(0).padStart(5)} ms`);
  }
  const { tiles, differences } = await compare(get, currencies, spans);
  console.log(`\n${tiles} tiles in ${currencies.join(', ')}: each the sum of its rows and of its CSV`);
  for (const difference of differences) console.log(`✗ ${difference}`);
  const screens = await visitScreens(url, signInLink, started, SCREENSHOTS);
  console.log(
    '\nScreens: first contentful paint with nothing cached, then at the median of five, and the first numbers\n',
  );
  for (const { name, cold, paint, numbers, faults } of screens) {
    const times = [cold, paint, numbers].map((ms) => `${ms.toFixed(0).padStart(6)} ms`).join('  ');
    console.log(`${name.padEnd(24)}${times}  ${faults.length === 0 ? 'axe clean' : ''}`.trimEnd());
    for (const fault of faults) console.log(`  ✗ ${fault}`);
  }
  console.log();
  const worst = (/** @type {number[]} */ all) => Math.max(...all);
  const verdicts = [
    { name: 'slowest question', value: worst(requests.map(({ p50 }) => p50)), unit: ' ms', atMost: 300 },
    { name: 'numbers that differ from their rows or CSV', value: differences.length, atMost: 0 },
    {
      name: 'latest first paint, nothing cached',
      value: worst(screens.map(({ cold }) => cold)),
      unit: ' ms',
      atMost: 1_500,
    },
    { name: 'latest numbers', value: worst(screens.map(({ numbers }) => numbers)), unit: ' ms', atMost: 1_500 },
    { name: 'faults of screens', value: screens.flatMap(({ faults }) => faults).length, atMost: 0 },
  ];
  printVerdicts(verdicts);
  return { figures: { requests, tiles, differences, screens }, verdicts };
}

/** An api process on the world, which is made first where there is none. @param {string} folder @param {import('./started.mjs').Started} started */
async function open(folder, started) {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const databaseUrl = DATABASE_URL ?? (await ownDatabase(folder, started));
  const port = await freePort();
  const env = {
    ...plainEnv(),
    DATABASE_URL: databaseUrl,
    BASTIONARY_DATA_DIR: folder,
    PORT: String(port),
    EXPORTS_MAX: '4',
  };
  await run(node, ['prisma/dist/migrate.js'], { env, signal: started.signal });
  const begun = performance.now();
  const world = ['apps/api/dist/demo/make-big-world.js', CUSTOMERS, YEARS];
  const made = DATABASE_URL
    ? ''
    : await run(node, world, { env, signal: started.signal }).then(
        () => `, made in ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
      );
  const first = JSON.parse((await run(node, ['apps/api/dist/first-run.js'], { env, signal: started.signal })).stdout);
  const api = await startNode({ script: 'apps/api/dist/main.js', env, logFile: join(folder, 'api.log') });
  started.add(api.stop);
  const url = `http://127.0.0.1:${port}`;
  const admin = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const bearer = await managementToken(url, { id: admin.client_id, secret: admin.client_secret });
  /** @type {Get} */
  const get = async (path) => {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${bearer}` } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`);
    return path.includes('.csv') ? answer.text() : answer.json();
  };
  return { url, get, signInLink: first.sign_in_link, made };
}

/** @param {string} folder @param {import('./started.mjs').Started} started */
async function ownDatabase(folder, started) {
  const database = await startPostgres({ dataDir: join(folder, 'postgres') });
  started.add(database.stop);
  return database.url;
}

/** A month, a year and everything until an instant. @param {Date} now @returns {Record<string, string>} as queries */
function spansUntil(now) {
  const to = now.toISOString();
  const before = (/** @type {number} */ days) => new Date(now.getTime() - days * 86_400_000).toISOString();
  return Object.fromEntries([30, 365, 1_100].map((days) => [`${days} days`, `from=${before(days)}&to=${to}`]));
}

/** @param {Get} get @param {string} currency @param {Record<string, string>} spans */
async function ask(get, currency, spans) {
  const inSpan = (/** @type {string} */ path) =>
    Object.entries(spans).map(([name, span]) => [
      `${path}, ${name}`,
      `${path}${path.includes('?') ? '&' : '?'}${span}`,
    ]);
  const lists = ['mrr/movements', 'revenue/lines', 'cash', 'retention'];
  const questions = [
    ...['overview', 'mrr', 'revenue?by=plan', 'revenue?by=country', 'revenue?by=month', ...lists, 'wallets'].flatMap(
      inSpan,
    ),
    ...['mrr/customers', 'receivables', 'receivables/invoices', 'dunning', 'wallets/customers', 'unbilled-usage'].map(
      (path) => [path, path],
    ),
    ...lists.flatMap((path) => inSpan(`${path}.csv`)).filter(([name]) => name.endsWith(', 30 days')),
  ];
  const asked = [
    ...questions.map(([name, path]) => [
      name,
      `/api/finance/${path}${path.includes('?') ? '&' : '?'}currency=${currency}`,
    ]),
    ['invoices', '/api/invoices'],
    ['invoices, open', '/api/invoices?status=open'],
    ['payments', '/api/payments'],
    ['credit notes', '/api/credit-notes'],
  ];
  const rows = [];
  for (const [name, path] of asked) {
    const times = [];
    for (let round = -2; round < ASKED; round++) {
      const before = performance.now();
      await get(path);
      // The first ones warm up.
      if (round >= 0) times.push(performance.now() - before);
    }
    times.sort((one, other) => one - other);
    rows.push({ name, p50: times[ASKED >> 1], most: times[ASKED - 1] });
  }
  return rows;
}

/** @param {Get} get @param {string[]} currencies @param {Record<string, string>} spans */
async function compare(get, currencies, spans) {
  let tiles = 0;
  const differences = [];
  for (const currency of currencies) {
    for (const span of Object.values(spans)) {
      for (const tile of (await get(`/api/finance/overview?currency=${currency}&${span}`)).tiles) {
        tiles++;
        const { total } = await get(tile.rows);
        const lines = (await get(tile.csv)).trimEnd().split('\r\n');
        const at = lines[0].split(',').indexOf('amount_minor');
        // What stands before the amount may hold commas; nothing behind it does.
        const behind = lines[0].split(',').length - at;
        const sum = lines
          .slice(1)
          .reduce(
            (/** @type {bigint} */ all, /** @type {string} */ line) => all + BigInt(line.split(',').at(-behind) ?? ''),
            0n,
          );
        const isWhole = tile.unit === 'amount' && tile.key !== 'arr';
        const value = isWhole ? tile.value : total.amount;
        const wanted = tile.key === 'arr' ? BigInt(total.amount) * 12n : BigInt(value);
        if (
          String(sum) !== total.amount ||
          total.rows !== lines.length - 1 ||
          (tile.unit === 'amount' && tile.value !== String(wanted))
        ) {
          differences.push(`${currency} ${span} ${tile.key}: ${tile.value}, rows ${total.amount}, CSV ${sum}`);
        } else if (isWhole && tile.value !== total.amount) {
          differences.push(`${currency} ${span} ${tile.key}: ${tile.value}, rows ${total.amount}`);
        }
      }
    }
  }
  return { tiles, differences };
}
