import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations as migrateQueues } from 'bullmq';
import pg from 'pg';
import { CUSTOMER_ROLE } from './behind-wall.js';
import { type Migration, migrationList, readMigrations } from './migrations-folder.js';
import { filters, withSchemaEngine } from './schema-engine.js';

/** Any constant will do; all processes that migrate must hold the same. */
const advisoryLock = 4_207_316_590;
const patienceMs = 10_000;

// The engine would note success in a second transaction; a crash between the two would block every later start.
const noteSuccess = `
;
UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1
WHERE finished_at IS NULL AND rolled_back_at IS NULL;`;

export interface MigrateResult {
  /** Names of the migrations applied by this call. */
  applied: string[];
  /** Version of BullMQ's tables. */
  queueVersion: number;
}

/**
 * Brings a database to the schema of this release: our migrations, then BullMQ's in the schema `bullmq`.
 * Safe to call from several processes at once, and again.
 * @param migrations default: those of this release
 * @throws Error in words for an operator, when the server cannot be reached within 10 s, the database was made by a
 * newer release, an applied migration was edited, or a migration failed (it then left nothing behind)
 */
export async function migrate(databaseUrl: string, migrations?: Migration[]): Promise<MigrateResult> {
  const connection = connectionOf(databaseUrl);
  const client = await connectPatiently(connection);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    const applied = await applyPending(client, connection, migrations ?? (await readMigrations()));
    return { applied, queueVersion: await migrateQueues(client, 'bullmq') };
  } finally {
    await client.end();
  }
}

async function applyPending(
  client: pg.Client,
  connection: pg.ClientConfig,
  migrations: Migration[],
): Promise<string[]> {
  const done = await appliedMigrations(client);
  refuseUnknown(migrations, done);
  // Loading the engine takes longer than everything else here: only when there is something to do.
  if (migrations.every(({ name }) => done.has(name))) return [];
  const input = { migrationsList: migrationList(migrations), filters };
  const answer = await withSchemaEngine(connection, (engine) => engine.applyMigrations(input), noteSuccess);
  return answer.appliedMigrationNames;
}

/** Checksums by name. Unfinished ones are forgotten first: a migration is one transaction, they left nothing behind. */
async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`);
  if (!rows[0].exists) return new Map();
  await client.query('DELETE FROM _prisma_migrations WHERE finished_at IS NULL');
  const done = await client.query(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return new Map(done.rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseUnknown(migrations: Migration[], done: Map<string, string>): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of done) {
    if (!known.has(name)) throw new Error(`The database has the migration ${name} of a newer release; start that one.`);
    if (known.get(name) !== checksum) throw new Error(`The migration ${name} was edited after it had been applied.`);
  }
}

/** The URL taken apart, since a URL overrules every option given beside it. */
export function connectionOf(databaseUrl: string): pg.ClientConfig {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: databaseUrl });
  return {
    host,
    port,
    user,
    password,
    database,
    ssl,
    connectionTimeoutMillis: 3_000,
    application_name: 'bastionary-migrate',
  };
}

async function connectPatiently(connection: pg.ClientConfig): Promise<pg.Client> {
  const where = `${connection.host}:${connection.port}, database ${connection.database}, user ${connection.user}`;
  for (const giveUp = Date.now() + patienceMs; ; await sleep(250)) {
    const client = new pg.Client(connection);
    try {
      await client.connect();
      return client;
    } catch (error) {
      const { code = '', message } = error as Error & { code?: string };
      // 28: wrong password or not allowed; 3D000: no such database. Waiting does not mend these.
      const hopeless = code.startsWith('28') || code === '3D000';
      if (hopeless || Date.now() > giveUp)
        throw new Error(`The database cannot be used (${where}): ${message || code}`);
    }
  }
}

/** On a server of ours: makes the role that migration 0011 needs, where an earlier release has not. Again is the same. */
async function ensureCustomerRole(adminUrl: string, databaseUrl: string): Promise<void> {
  const client = await connectPatiently(connectionOf(adminUrl));
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [CUSTOMER_ROLE]);
    if (rowCount !== 0) return;
    const owner = client.escapeIdentifier(connectionOf(databaseUrl).user ?? '');
    await client.query(`CREATE ROLE ${CUSTOMER_ROLE} NOLOGIN; GRANT ${CUSTOMER_ROLE} TO ${owner}`);
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: a URL holds a password, which arguments would show to everyone
  const { DATABASE_URL, DATABASE_ADMIN_URL } = process.env;
  if (!DATABASE_URL) throw new Error('DATABASE_URL is not set.');
  if (DATABASE_ADMIN_URL) await ensureCustomerRole(DATABASE_ADMIN_URL, DATABASE_URL);
  process.stdout.write(`${JSON.stringify(await migrate(DATABASE_URL))}\n`);
}

if (import.meta.main) {
  const failed = await main().catch((error: Error) => error);
  if (failed) process.stderr.write(`${failed.message}\n`);
  // The engine leaves a timer of ten seconds behind, for its own lock.
  process.exit(failed ? 1 : 0);
}
