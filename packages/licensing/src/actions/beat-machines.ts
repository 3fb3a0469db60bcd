import type { Machine } from '@bastionary/contracts/licenses';
import type { Pool } from '@bastionary/prisma/client';
import type { AuthenticationFacts } from '../rules/authentication.js';
import { digestOf } from './find-license.js';
import { type ToldMachine, toMachine } from './find-machine.js';

/** A key that a program shows, and the machine it means: its id or fingerprint. */
export interface ShownMachine {
  readonly key: string;
  readonly machine: string;
}

/** A machine, and what is written down about the licence whose seat it has. */
export interface FoundMachine extends Omit<AuthenticationFacts, 'terms'>, Omit<ToldMachine, 'createdAt' | 'updatedAt'> {
  /** By the clock of the database. */
  readonly at: Date;
  readonly policyId: string;
  /** The subscription that issued the licence. */
  readonly source: string | null;
  /** Something fell due for its customer that is not written down yet. */
  readonly isOverdue: boolean;
  readonly machineCreatedAt: Date;
  /** Those that live on it. */
  readonly processes: number;
}

const FIND = `
  SELECT date_trunc('milliseconds', now()) AS at, l.id AS "licenseId", l.policy_id AS "policyId",
    l.expires_at AS "expiresAt", l.source, l.suspensions, l.revoked_at AS "revokedAt",
    coalesce(c.status = 'suspended', false) AS "isOwnerSuspended",
    coalesce(s.valid_until <= now(), false) AS "isOverdue",
    m.id, m.fingerprint, m.name, m.hostname, m.platform, m.ip, m.cores, m.memory, m.disk, m.user_id AS "userId", m.metadata, m.last_heartbeat_at AS "lastHeartbeatAt",
    m.dies_at AS "diesAt", m.resurrected_at AS "resurrectedAt", m.created_at AS "machineCreatedAt",
    (SELECT count(*)::int FROM machine_process p
      WHERE p.machine_id = m.id AND p.dies_at >= date_trunc('milliseconds', now())) AS processes
  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS q (digest, machine, place)
    LEFT JOIN license l ON l.key_digest = decode(q.digest, 'hex')
    LEFT JOIN customer c ON c.id = l.customer_id
    LEFT JOIN entitlement_snapshot s ON s.customer_id = l.customer_id
    LEFT JOIN LATERAL (
      SELECT * FROM machine WHERE id = q.machine AND license_id = l.id
      UNION ALL
      SELECT * FROM machine WHERE license_id = l.id AND fingerprint = q.machine
      LIMIT 1) m ON true
  ORDER BY q.place`;

/** The machines that these keys have a seat for, in the order given; null where there is no such key or machine. */
export async function findShownMachines(pool: Pool, shown: readonly ShownMachine[]): Promise<(FoundMachine | null)[]> {
  const digests = shown.map(({ key }) => Buffer.from(digestOf(key)).toString('hex'));
  const values = [digests, shown.map(({ machine }) => machine)];
  const { rows } = await pool.query<FoundMachine & { id: string | null }>({
    name: 'shown_machines',
    text: FIND,
    values,
  });
  return rows.map((row) => (row.id === null ? null : row));
}

/** A heartbeat of a machine that lives. */
export interface Beat {
  readonly id: string;
  /** How long it lives from now on. */
  readonly seconds: number;
}

/** When it came, and until when (inclusive) the machine lives. */
export interface Beaten {
  readonly lastHeartbeatAt: Date;
  readonly diesAt: Date;
}

// The clock once all rows are locked, as one heartbeat by itself reads it. A row that somebody else has is passed over:
// nobody waits for it here, so nobody waits in a circle.
const BEAT = `
  WITH mine AS MATERIALIZED (
    SELECT m.id, q.seconds FROM unnest($1::text[], $2::float8[]) AS q (id, seconds) JOIN machine m ON m.id = q.id
    ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED
  ), clock AS MATERIALIZED (
    SELECT date_trunc('milliseconds', clock_timestamp()) AS at FROM (SELECT count(*) FROM mine) locked
  )
  UPDATE machine m SET last_heartbeat_at = clock.at, dies_at = clock.at + mine.seconds * interval '1 second',
    updated_at = clock.at, dead_at = NULL
  FROM mine, clock
  WHERE m.id = mine.id AND (m.dies_at IS NULL OR m.dies_at >= clock.at)
  RETURNING m.id, m.last_heartbeat_at AS "lastHeartbeatAt", m.dies_at AS "diesAt"`;

/**
 * Heartbeats of many machines at once, in the order given; null for one that is dead by now, gone, or that somebody else
 * is at: those take `pingMachine`, each by itself.
 */
export async function beatMachines(pool: Pool, beats: readonly Beat[]): Promise<(Beaten | null)[]> {
  // A machine that beats twice in one breath lives as long as with one.
  const seconds = new Map(beats.map((beat) => [beat.id, beat.seconds]));
  const values = [[...seconds.keys()], [...seconds.values()]];
  const { rows } = await pool.query<Beaten & { id: string }>({ name: 'beat_machines', text: BEAT, values });
  const beaten = new Map(rows.map(({ id, lastHeartbeatAt, diesAt }) => [id, { lastHeartbeatAt, diesAt }]));
  return beats.map(({ id }) => beaten.get(id) ?? null);
}

/** A machine that has just beaten, as it stands in answers; its components are not told there. */
export function toBeatenMachine(found: FoundMachine, { lastHeartbeatAt, diesAt }: Beaten): Machine {
  const row = { ...found, createdAt: found.machineCreatedAt, updatedAt: lastHeartbeatAt, lastHeartbeatAt, diesAt };
  return toMachine(row, { components: [], processes: found.processes }, lastHeartbeatAt);
}
