import { setTimeout as sleep } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';
import { type Sql, sql, type TransactionClient } from './generated/internal/prismaNamespace.js';

/** A piece of a statement, for use in others. */
export { type Sql, sql };

/** The database outside a transaction. */
export type Database = PrismaClient;
/** An open transaction: what every action takes. */
export type Transaction = TransactionClient;
/** The pool below Prisma, for the few statements where its cost shows. */
export type Pool = pg.Pool;
/** For reads that do not care. */
export type Reader = Database | Transaction;

/** A value of a JSON column. */
export type Json = Prisma.InputJsonValue;
/** NULL in a JSON column, as opposed to the JSON value null. */
export const { DbNull } = Prisma;
/** The JSON value null, as opposed to NULL. */
export const { JsonNull } = Prisma;

export interface Connection {
  readonly db: Database;
  readonly pool: Pool;
  /** Waits for a database that is just starting. @throws the last error after `withinMs` */
  untilReady(withinMs?: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens one pool that Prisma and plain SQL share.
 * Every wait is bounded on this side too: a stopped server enforces nothing.
 */
export function connect(databaseUrl: string, options: { applicationName: string; poolSize: number }): Connection {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: options.applicationName,
    max: options.poolSize,
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 15_000,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  return {
    db,
    pool,
    async untilReady(withinMs = 15_000) {
      for (const giveUp = Date.now() + withinMs; ; await sleep(200)) {
        try {
          await pool.query('SELECT 1');
          return;
        } catch (error) {
          if (Date.now() > giveUp) throw error;
        }
      }
    },
    async close() {
      await db.$disconnect();
      await pool.end();
    },
  };
}
