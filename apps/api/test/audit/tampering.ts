import { required } from '@bastionary/testing/environment';
import pg from 'pg';

const TABLES = ['audit_log', 'audit_leaf', 'audit_checkpoint'] as const;

/** Somebody with all power over the database: no trigger and no constraint stops him. */
export class Intruder {
  private constructor(private readonly client: pg.Client) {}

  static async at(databaseUrl: string): Promise<Intruder> {
    const url = new URL(required('TEST_POSTGRES_URL'));
    url.pathname = new URL(databaseUrl).pathname;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query('SET session_replication_role = replica');
    for (const table of TABLES) await client.query(`CREATE TABLE before_${table} AS TABLE ${table}`);
    return new Intruder(client);
  }

  async does(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.client.query(statement);
  }

  /** Puts everything back as it was. */
  async undo(): Promise<void> {
    for (const table of TABLES) {
      await this.client.query(`DELETE FROM ${table}`);
      await this.client.query(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM before_${table}`);
    }
  }

  leave(): Promise<void> {
    return this.client.end();
  }
}
