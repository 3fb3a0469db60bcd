import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type pg from 'pg';
import { schemaEngineAdapter } from './schema-engine-adapter.js';

// Only the DOM's types know this global of Node.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/** Everything in the database is managed by the migrations. */
export const filters = { externalTables: [], externalEnums: [] };

/**
 * Runs `work` with Prisma's schema engine in WebAssembly: the one that the Prisma CLI would download as a program,
 * which closed networks refuse and a first run should not wait for.
 * @param scriptEnd SQL that commits together with each script the engine runs on the main database
 */
export async function withSchemaEngine<T>(
  connection: pg.ClientConfig,
  work: (engine: glue.SchemaEngine) => Promise<T>,
  scriptEnd = '',
): Promise<T> {
  await instantiate();
  const adapter = schemaEngineAdapter(connection, scriptEnd);
  const bound = bindMigrationAwareSqlAdapterFactory(adapter);
  const engine = await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, bound);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await adapter.close();
  }
}

let instantiated: Promise<void> | undefined;

function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    // The engine reports a panic here before it dies; without it the message is lost.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: panic } });
    const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(entry.replace(/\.js$/, '.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...glue } });
    glue.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
  })();
  return instantiated;
}

function panic(message: string): never {
  throw new Error(`The schema engine failed: ${message}`);
}
