// @ts-check
import { startDisposablePostgres } from './postgres/disposable.mjs';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { bin, node, toolEnv } from './start/places.mjs';
import { step } from './start/progress.mjs';
import { run } from './start/run.mjs';

// `npm run check`: everything that can be said about the code without running it, and that what is generated is fresh.
/** @type {[string, () => Promise<unknown>][]} */
const checks = [
  ['Format and lint', () => run(bin('biome'), ['check', '--error-on-warnings', '.'])],
  ['Types', () => run(bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only'])],
  ['Workspace boundaries', () => run(bin('turbo'), ['boundaries'])],
  [
    'Directions between rooms',
    () => run(bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'prisma']),
  ],
  ['Nothing unused', () => run(bin('knip'), ['--no-progress'])],
  ['Migrations produce the schema', migrationsAgree],
  ['OpenAPI is up to date', () => run(node, ['apps/api/dist/openapi.js', '--check'])],
];

let failed = 0;
try {
  await bootstrap();
  for (const [title, check] of checks) {
    await step(title, async () => void (await check())).catch((error) => {
      failed++;
      console.log(explain(error).replace(/^/gm, '    '));
    });
  }
} catch (error) {
  failed++;
  console.error(explain(error));
}
process.exitCode = failed ? 1 : 0;

async function migrationsAgree() {
  const server = await startDisposablePostgres();
  try {
    await run(node, ['prisma/dist/author-migration.js', '--check'], {
      env: { ...toolEnv(), DATABASE_URL: server.adminUrl },
    });
  } finally {
    await server.stop();
  }
}
