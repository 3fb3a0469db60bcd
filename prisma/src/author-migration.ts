import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectionOf } from './migrate.js';
import { type Migration, migrationList, migrationsFolder, readMigrations, readSchema } from './migrations-folder.js';
import { filters, withSchemaEngine } from './schema-engine.js';

const usage = 'Usage: author-migration <name_in_snake_case> | --check';

/**
 * The SQL that leads from what the migrations really produce (applied to a shadow database, which is then read back)
 * to prisma/schema. What Prisma cannot express, such as triggers and checks, is left alone.
 * @param serverUrl a server on which databases may be created
 * @param migrations default: those of this release
 * @returns null if they agree
 */
export async function missingSql(serverUrl: string, migrations?: Migration[]): Promise<string | null> {
  const params = {
    from: { tag: 'migrations', ...migrationList(migrations ?? (await readMigrations())) },
    to: { tag: 'schemaDatamodel', ...(await readSchema()) },
    script: true,
    exitCode: true,
    filters,
  } as const;
  const { exitCode, stdout } = await withSchemaEngine(connectionOf(serverUrl), (engine) => engine.diff(params));
  return exitCode === 2 ? stdout : null;
}

async function main(argument = ''): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: a URL holds a password, which arguments would show to everyone
  const { DATABASE_URL } = process.env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set. `npm run migration <name>` brings a server of its own.');
  if (argument !== '--check' && !/^[a-z0-9_]+$/.test(argument)) throw new Error(usage);
  const sql = await missingSql(DATABASE_URL);
  if (argument === '--check') {
    if (sql) throw new Error(`The migrations do not produce prisma/schema. Missing:\n\n${sql}`);
  } else if (sql) {
    const name = `${String((await readMigrations()).length + 1).padStart(4, '0')}_${argument}`;
    await mkdir(join(migrationsFolder, name));
    await writeFile(join(migrationsFolder, name, 'migration.sql'), sql);
    process.stdout.write(`prisma/migrations/${name}/migration.sql\nRead it before you commit it.\n`);
  } else {
    process.stdout.write('Nothing to write: the migrations produce prisma/schema.\n');
  }
}

if (import.meta.main) {
  await main(process.argv[2]).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
