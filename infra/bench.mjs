// @ts-check
import { join } from 'node:path';
import { billingRunBench } from './bench/billing-run.mjs';
import { financeBench } from './bench/finance.mjs';
import { introspectBench } from './bench/introspect.mjs';
import { licensingBench } from './bench/licensing.mjs';
import { limitsBench } from './bench/limits.mjs';
import { memoryBench } from './bench/memory.mjs';
import { oauthBench } from './bench/oauth.mjs';
import { readOptions, usage } from './bench/options.mjs';
import { describeMachine, writeRaw } from './bench/report.mjs';
import { startBench } from './bench/start/start-bench.mjs';
import { Started } from './bench/started.mjs';
import { temporaryFolder } from './bench/temporary-folder.mjs';
import { timingBench } from './bench/timing.mjs';
import { tokenBench } from './bench/token.mjs';
import { usageBench } from './bench/usage.mjs';
import { usageQueryBench } from './bench/usage-query.mjs';
import { webhooksBench } from './bench/webhooks.mjs';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { onStopSignal } from './start/stop-signal.mjs';

// `npm run bench -- [names] [options]`. A missed goal is a result, no failure: the exit code stays 0.
const benches = {
  token: tokenBench,
  introspect: introspectBench,
  oauth: oauthBench,
  limits: limitsBench,
  memory: memoryBench,
  timing: timingBench,
  webhooks: webhooksBench,
  'usage-query': usageQueryBench,
  'billing-run': billingRunBench,
  licensing: licensingBench,
  finance: financeBench,
  usage: usageBench,
  start: startBench,
};

const signal = onStopSignal(() => started.stopAll({ immediately: true }));
const started = new Started(signal);
let exitCode = 0;
try {
  await main();
} catch (error) {
  console.error(signal.aborted ? 'Interrupted.' : explain(error));
  exitCode = 1;
} finally {
  await started.stopAll();
}
process.exit(exitCode);

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);
  await bootstrap(signal);
  console.log(`${describeMachine()}\n`);
  const results = [];
  for (const name of options.benches) {
    const folder = await temporaryFolder();
    started.add(async () => folder.remove());
    results.push({ bench: name, ...(await benches[name](options, join(folder.path, name), started)) });
    await started.stopAll();
  }
  if (options.json) writeRaw(options.json, options, results);
}
