// @ts-check
import { startDisposablePostgres } from './postgres/disposable.mjs';
import { bootstrap, explain } from './start/bootstrap.mjs';
import { node } from './start/places.mjs';
import { run } from './start/run.mjs';

// `npm run migration <name>`: writes the migration that leads to prisma/schema as it is now.
try {
  await bootstrap();
  const server = await startDisposablePostgres();
  try {
    const env = { ...process.env, DATABASE_URL: server.adminUrl };
    const { output } = await run(node, ['prisma/dist/author-migration.js', ...process.argv.slice(2)], { env });
    console.log(output.trim());
  } finally {
    await server.stop();
  }
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
