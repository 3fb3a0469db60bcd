import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** The parts of PrismaPg's adapter that this file replaces. `performIO` and `onError` are not in its types. */
interface Adapter {
  performIO(query: unknown): Promise<pg.QueryArrayResult>;
  queryRaw(query: unknown): Promise<{ columnTypes: number[] }>;
  executeScript(script: string): Promise<void>;
  underlyingDriver(): pg.Pool;
  onError(error: unknown): never;
}

const internalChar = 18;
const text = 25;

/**
 * `PrismaPg` for the schema engine, with three faults of 7.10 mended:
 * it cuts scripts at every `;`, also inside function bodies, and runs the pieces one by one;
 * it does not know the type `"char"` of the system catalogue, so that nothing can be introspected;
 * it drops the shadow database while still connected to it.
 * Unlike it, `close` ends the connections, which the engine leaves open.
 *
 * @param connection in parts and not as URL, which would overrule the name of the shadow database
 * @param scriptEnd SQL that commits together with each script on the main database
 */
export function schemaEngineAdapter(connection: pg.ClientConfig, scriptEnd: string) {
  const pools: pg.Pool[] = [];
  const connect = async (database: string | undefined, end: string): Promise<SqlDriverAdapter> => {
    const pool = new pg.Pool({ ...connection, database, max: 1 });
    pools.push(pool);
    const adapter = await new PrismaPg(pool).connect();
    mend(adapter as unknown as Adapter, end);
    return adapter;
  };
  const factory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(connection.database, scriptEnd),
    async connectToShadowDb() {
      const main = await connect(connection.database, '');
      const database = `bastionary_shadow_${process.pid}`;
      await main.executeScript(`CREATE DATABASE "${database}"`);
      const shadow = await connect(database, '');
      const pool = pools.at(-1);
      shadow.dispose = async () => {
        await pool?.end();
        await main.executeScript(`DROP DATABASE "${database}"`);
      };
      return shadow;
    },
    close: () => Promise.all(pools.filter((pool) => !pool.ended).map((pool) => pool.end())),
  } as const;
  return factory satisfies SqlMigrationAwareDriverAdapterFactory;
}

function mend(adapter: Adapter, scriptEnd: string): void {
  // Several statements in one simple query are one transaction: a script applies whole or not at all.
  adapter.executeScript = async (script) => {
    await adapter
      .underlyingDriver()
      .query(script + scriptEnd)
      .catch((error) => adapter.onError(error));
  };

  let charColumns: number[] = [];
  const performIO = adapter.performIO.bind(adapter);
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = result.fields.flatMap((field, index) => (field.dataTypeID === internalChar ? [index] : []));
    for (const field of result.fields) if (field.dataTypeID === internalChar) field.dataTypeID = text;
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
}
