import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { required } from './environment.js';

export interface TestDatabase {
  /** As the owner of the database, who is no superuser: what the platform gets in production. */
  url: string;
  /** Ends all connections and removes the database. */
  drop(): Promise<void>;
}

/**
 * A migrated database of its own, copied from a template which the test run made (about 50 ms).
 * @param template the empty one, or the one after first-run
 */
export async function createDatabase(template = new URL(required('TEST_TEMPLATE_URL'))): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const source = template.pathname.slice(1);
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${source} OWNER ${template.username} STRATEGY FILE_COPY`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: required('TEST_POSTGRES_URL') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
