// @ts-check
import { parseArgs } from 'node:util';
import { Started } from './bench/started.mjs';
import { temporaryFolder } from './bench/temporary-folder.mjs';
import { runStatements } from './conformance/run-statements.mjs';
import { printTable, writeTables } from './conformance/scoreboard.mjs';
import { fapi } from './conformance/statements/fapi.mjs';
import { oauth } from './conformance/statements/oauth.mjs';
import { startOurs } from './conformance/subjects/ours.mjs';
import { startTheirs } from './conformance/subjects/theirs.mjs';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { onStopSignal } from './start/stop-signal.mjs';

// `npm run conformance -- [oauth] [fapi] [--json FILE]`: what the standards demand, asked over HTTP of this platform and,
// in the same words, of oidc-provider. The exit code is 1 if one statement of ours does not hold.
/** @type {Record<string, { title: string, statements: import('./conformance/trial.mjs').Statement[] }>} */
const tables = {
  oauth: { title: 'OAuth2 for machines', statements: oauth },
  fapi: { title: 'FAPI 2.0, client credentials with private_key_jwt and DPoP', statements: fapi },
};

const signal = onStopSignal(() => started.stopAll({ immediately: true }));
const started = new Started(signal);
let exitCode = 1;
try {
  exitCode = await main();
} catch (error) {
  console.error(signal.aborted ? 'Interrupted.' : explain(error));
} finally {
  await started.stopAll();
}
process.exit(exitCode);

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
  const stranger = positionals.find((name) => !Object.hasOwn(tables, name));
  if (stranger) throw new Error(`There is no table "${stranger}": npm run conformance -- [oauth] [fapi] [--json FILE]`);
  const names = Object.keys(tables).filter((name) => positionals.length === 0 || positionals.includes(name));

  await bootstrap(signal);
  const folder = await temporaryFolder();
  started.add(async () => folder.remove());
  const [ours, theirs] = [await startOurs(folder.path, started), await startTheirs(folder.path, started)];
  const chosen = names.map((name) => ({ name, ...tables[name] }));
  const judged = await runStatements(chosen, ours, theirs);
  for (const table of judged) printTable(table);
  if (values.json) writeTables(values.json, judged);
  return judged.every(({ rows }) => rows.every((row) => row.ours.verdict !== 'fails')) ? 0 : 1;
}
