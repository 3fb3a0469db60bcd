import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { required } from '@bastionary/testing/environment';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { missingSql } from './author-migration.js';
import { migrate } from './migrate.js';
import { migration, readMigrations } from './migrations-folder.js';

const table = migration('0001_table', 'CREATE TABLE thing (id int PRIMARY KEY);');
const withFunction = migration(
  '0002_function',
  `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; RETURN NULL; END $$;
   CREATE TRIGGER refuse BEFORE UPDATE ON thing FOR EACH ROW EXECUTE FUNCTION refuse();`,
);
const broken = migration('0002_function', 'CREATE TABLE half (id int); SELECT 1/0;');

describe('migrate', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeEach(async () => {
    database = await createDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query('DROP SCHEMA public, bullmq, opaque_token_days, usage_partitions CASCADE; CREATE SCHEMA public');
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });
  const finished = async () =>
    (await client.query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1')).rows;

  test('applies every migration once, however many start at once, and BullMQ’s too', async () => {
    const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, [table, withFunction])));
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual([table.name, withFunction.name]);
    expect(await finished()).toHaveLength(2);
    await expect(client.query('INSERT INTO thing VALUES (1); UPDATE thing SET id = 2')).rejects.toThrow('no');
    expect((await client.query("SELECT to_regclass('bullmq.job') AS job")).rows[0].job).not.toBeNull();
  });

  test('leaves nothing of a migration that fails, and goes on once it is mended', async () => {
    await expect(migrate(database.url, [table, broken])).rejects.toThrow('division by zero');
    expect((await client.query("SELECT to_regclass('half') AS half")).rows[0].half).toBeNull();
    expect(await finished()).toEqual([{ migration_name: table.name }]);
    expect(await migrate(database.url, [table, withFunction])).toMatchObject({ applied: [withFunction.name] });
  });

  test('refuses a database of a newer release and an edited migration', async () => {
    await migrate(database.url, [table]);
    await expect(migrate(database.url, [])).rejects.toThrow('0001_table of a newer release');
    const edited = migration(table.name, `${table.sql} -- changed`);
    await expect(migrate(database.url, [edited])).rejects.toThrow('edited after it had been applied');
  });

  test('audit records of before the seal stay as they are, in their order, and the next goes on behind them', async () => {
    const all = await readMigrations();
    await migrate(
      database.url,
      all.filter(({ name }) => name < '0003'),
    );
    await client.query(`INSERT INTO audit_log (seq, at, actor, action, target, detail)
      SELECT seq, now(), 'a', 'b', 'c', '{}' FROM generate_series(1, 40) AS seq`);
    const before = await client.query('SELECT seq, at, actor, action, target, detail FROM audit_log ORDER BY seq');
    await migrate(database.url, all);
    const after = await client.query('SELECT seq, at, actor, action, target, detail FROM audit_log ORDER BY txid, seq');
    expect(after.rows).toEqual(before.rows);
    const insert = `INSERT INTO audit_log (at, actor, action, target, detail) VALUES (now(), 'a', 'b', 'c', '{}') RETURNING seq`;
    expect((await client.query(insert)).rows).toEqual([{ seq: '41' }]);
  });

  test('does not wait for what waiting cannot mend', async () => {
    const elsewhere = new URL(database.url);
    elsewhere.pathname = '/missing';
    await expect(migrate(elsewhere.href)).rejects.toThrow('database "missing" does not exist');
  });
});

describe('missingSql', () => {
  const server = required('TEST_POSTGRES_URL');

  test('the migrations of this release produce prisma/schema', async () => {
    expect(await missingSql(server)).toBeNull();
  });

  test('finds what the schema has and the migrations do not produce, and the other way round', async () => {
    const extra = migration('9999_extra', 'CREATE TABLE extra (id int PRIMARY KEY); DROP TABLE auth_failure;');
    const sql = await missingSql(server, [...(await readMigrations()), extra]);
    expect(sql).toContain('DROP TABLE "extra"');
    expect(sql).toContain('CREATE TABLE "auth_failure"');
  });
});
