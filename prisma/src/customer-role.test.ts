import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { CUSTOMER_ROLE } from './behind-wall.js';
import { ensureCustomerRole, migrate } from './migrate.js';

interface Server {
  url: string;
  adminUrl: string;
  stop(how: { immediately: boolean }): Promise<void>;
}

// A server of its own: the role belongs to the whole server, and the others need it.
let dataDir: string;
let server: Server;
beforeAll(async () => {
  const module = (await import(new URL('../../infra/postgres/start-postgres.mjs', import.meta.url).href)) as {
    startPostgres(options: object): Promise<Server>;
  };
  dataDir = await mkdtemp(join(tmpdir(), 'bastionary-role-'));
  // The server runs as another user where tests run as root.
  await chmod(dataDir, 0o711);
  server = await module.startPostgres({ dataDir, settings: { fsync: 'off' }, log: () => undefined });
});
afterAll(async () => {
  await server.stop({ immediately: true });
  await rm(dataDir, { recursive: true, force: true });
});

const asAdmin = async (statement: string) => {
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
};

test('an owner of the database who may make roles makes it', async () => {
  await asAdmin(`DROP ROLE ${CUSTOMER_ROLE}`);
  await asAdmin(`CREATE ROLE other LOGIN CREATEROLE PASSWORD 'other'`);
  await asAdmin('CREATE DATABASE other OWNER other');
  const url = Object.assign(new URL(server.url), { username: 'other', password: 'other', pathname: '/other' });
  expect((await migrate(url.href)).applied).toContain('0011_isolation');
  const { rows } = await asAdmin(
    `SELECT rolcanlogin, pg_has_role('other', oid, 'SET') AS acts FROM pg_roles WHERE rolname = '${CUSTOMER_ROLE}'`,
  );
  expect(rows).toEqual([{ rolcanlogin: false, acts: true }]);
  await asAdmin('DROP DATABASE other');
});

test('where the owner may not make the role, the migration says what an administrator has to do, and goes on after it', async () => {
  // As a server of an earlier release, or a managed one.
  await asAdmin(`DROP ROLE ${CUSTOMER_ROLE}`);
  const told = 'CREATE ROLE bastionary_customer NOLOGIN; GRANT bastionary_customer TO bastionary;';
  await expect(migrate(server.url)).rejects.toThrow(told);

  await asAdmin(`CREATE ROLE ${CUSTOMER_ROLE} NOLOGIN BYPASSRLS`);
  await expect(migrate(server.url)).rejects.toThrow(told);
  await asAdmin(`GRANT ${CUSTOMER_ROLE} TO bastionary`);
  await expect(migrate(server.url)).rejects.toThrow('ALTER ROLE bastionary_customer NOSUPERUSER NOBYPASSRLS');

  await asAdmin(`DROP ROLE ${CUSTOMER_ROLE}`);
  for (let again = 0; again < 2; again++) await ensureCustomerRole(server.adminUrl, server.url);
  expect((await migrate(server.url)).applied).toContain('0011_isolation');
});
