import type { Pool, Reader } from '@bastionary/prisma/client';

/** What is known of an opaque access token. Of the token itself only a digest is kept. */
export interface OpaqueToken {
  readonly digest: Buffer;
  readonly jti: string;
  readonly clientId: string;
  readonly credentialId: string;
  readonly familyId: string | null;
  readonly scope: string;
  readonly audience: readonly string[];
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly jkt: string | null;
}

const DAY_MS = 86_400_000;
const NO_PARTITION = '23514';

/** Runs a statement, inside a transaction or not. */
type Execute = (statement: string) => Promise<unknown>;

/** Writes tokens in one statement; makes the days they fall into if the worker has not. */
export async function storeOpaqueTokens(pool: Pool, tokens: readonly OpaqueToken[]): Promise<void> {
  try {
    await insert(pool, tokens);
  } catch (error) {
    if ((error as { code?: string }).code !== NO_PARTITION) throw error;
    for (const { expiresAt } of tokens) await ensureDay((statement) => pool.query(statement), expiresAt);
    await insert(pool, tokens);
  }
}

async function insert(pool: Pool, tokens: readonly OpaqueToken[]): Promise<void> {
  await pool.query({
    name: 'store-opaque-tokens',
    text: `INSERT INTO opaque_token (digest, jti, client_id, credential_id, family_id, scope, audience, issued_at, expires_at, jkt)
      SELECT digest, jti, client_id, credential_id, family_id, scope, string_to_array(audience, ' '), issued_at, expires_at, jkt
      FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
        $9::timestamptz[], $10::text[])
        AS token (digest, jti, client_id, credential_id, family_id, scope, audience, issued_at, expires_at, jkt)`,
    values: [
      tokens.map(({ digest }) => digest),
      tokens.map(({ jti }) => jti),
      tokens.map(({ clientId }) => clientId),
      tokens.map(({ credentialId }) => credentialId),
      tokens.map(({ familyId }) => familyId),
      tokens.map(({ scope }) => scope),
      // An identifier has no spaces.
      tokens.map(({ audience }) => audience.join(' ')),
      tokens.map(({ issuedAt }) => issuedAt),
      tokens.map(({ expiresAt }) => expiresAt),
      tokens.map(({ jkt }) => jkt),
    ],
  });
}

/** The tokens of these digests that have not expired; those unknown are missing. */
export async function findOpaqueTokens(pool: Pool, digests: readonly Buffer[], now: Date): Promise<OpaqueToken[]> {
  // Parameters inside SELECT: as constants they would have the statement planned anew each time, for a gain of nothing.
  const { rows } = await pool.query<OpaqueToken>({
    name: 'find-opaque-tokens',
    text: `SELECT digest, jti, client_id AS "clientId", credential_id AS "credentialId", family_id AS "familyId", scope, audience,
        issued_at AS "issuedAt", expires_at AS "expiresAt", jkt
      FROM opaque_token
      WHERE digest = ANY((SELECT $1::bytea[])::bytea[]) AND expires_at > (SELECT $2::timestamptz)`,
    values: [digests, now],
  });
  return rows;
}

/** Makes the partitions of the days from `now` on, so that a token never finds its day missing. */
export async function ensureOpaqueDays(execute: Execute, now: Date, days: number): Promise<void> {
  for (let day = 0; day < days; day++) await ensureDay(execute, new Date(now.getTime() + day * DAY_MS));
}

async function ensureDay(execute: Execute, instant: Date): Promise<void> {
  const from = instant.toISOString().slice(0, 10);
  const to = new Date(Date.parse(from) + DAY_MS).toISOString().slice(0, 10);
  // Two processes may do this at once: the lock keeps the second from failing half-way.
  await execute(`
    DO $$ BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('opaque_token_days'));
      CREATE TABLE IF NOT EXISTS opaque_token_days.${nameOf(from)}
        PARTITION OF opaque_token FOR VALUES FROM ('${from}T00:00:00Z') TO ('${to}T00:00:00Z');
    END $$`);
}

const nameOf = (date: string): string => `day_${date.replaceAll('-', '_')}`;

/** Drops the days that are over: every token in them has expired. Returns their names. */
export async function dropOpaqueDays(db: Reader, now: Date): Promise<string[]> {
  const today = nameOf(now.toISOString().slice(0, 10));
  const days = await db.$queryRaw<{ tablename: string }[]>`
    SELECT tablename FROM pg_tables WHERE schemaname = 'opaque_token_days' AND tablename < ${today} ORDER BY tablename`;
  const over = days.map(({ tablename }) => tablename).filter((name) => /^day_\d{4}_\d{2}_\d{2}$/.test(name));
  for (const name of over) await db.$executeRawUnsafe(`DROP TABLE opaque_token_days.${name}`);
  return over;
}
