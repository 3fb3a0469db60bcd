import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MigrationList, SchemasContainer } from '@prisma/schema-engine-wasm/schema_engine_bg';

export const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url));
const schemaFolder = fileURLToPath(new URL('../schema', import.meta.url));

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 in hex, as the engine writes it into `_prisma_migrations`. */
  checksum: string;
}

/** The migrations of this release, oldest first. */
export async function readMigrations(): Promise<Migration[]> {
  if (!existsSync(migrationsFolder)) return [];
  const folders = (await readdir(migrationsFolder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map((entry) => entry.name).sort();
  return Promise.all(
    names.map(async (name) => migration(name, await readFile(join(migrationsFolder, name, 'migration.sql'), 'utf8'))),
  );
}

export function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** The same in the shape the schema engine asks for. */
export function migrationList(migrations: Migration[]): MigrationList {
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}

/** All of prisma/schema. */
export async function readSchema(): Promise<SchemasContainer> {
  const names = (await readdir(schemaFolder)).filter((name) => name.endsWith('.prisma')).sort();
  const files = names.map(async (name) => ({ path: name, content: await readFile(join(schemaFolder, name), 'utf8') }));
  return { files: await Promise.all(files) };
}
