// @ts-check
import { join } from 'node:path';
import { printVerdicts } from '../report.mjs';
import { copyCheckout, newcomerEnv } from './clone.mjs';
import { npmStart } from './npm-start.mjs';

/**
 * From a clone to the first token, and the second start.
 * @param {import('../options.mjs').Options} options
 * @param {string} folder
 * @param {import('../started.mjs').Started} started
 */
export async function startBench({ warmCaches }, folder, started) {
  const clone = join(folder, 'clone');
  copyCheckout(clone);
  const env = { ...newcomerEnv(folder, warmCaches), BASTIONARY_DATA_DIR: join(folder, 'installation') };
  const first = await npmStart(clone, env, started);
  const second = await npmStart(clone, env, started);

  const install = first.steps['Install the packages'] ?? 0;
  const build = first.steps.Build ?? 0;
  const bringUp = Object.values(first.steps).reduce((sum, seconds) => sum + seconds, 0) - install - build;
  const shares = Object.entries({
    'download and install': install,
    build,
    'database and start': bringUp,
    'npm, and the curl': first.total - install - build - bringUp,
  });
  console.log(
    `From a clone to the first token${warmCaches ? ', npm and pnpm with warm caches' : ', all caches empty'}\n`,
  );
  for (const [name, seconds] of shares) {
    const share = `${Math.round((100 * seconds) / first.total)} %`;
    console.log(`${name.padEnd(22)} ${seconds.toFixed(1).padStart(6)} s ${share.padStart(5)}`);
  }
  console.log();
  const verdicts = [
    { name: 'clone to first token', value: first.total, unit: ' s', atMost: 90 },
    { name: 'second start to token', value: second.total, unit: ' s', atMost: 5 },
  ];
  printVerdicts(verdicts);
  return { first, second, verdicts };
}
