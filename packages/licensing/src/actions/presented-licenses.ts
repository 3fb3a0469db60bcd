import type { Entitlements, FeatureType, FeatureValue } from '@bastionary/contracts/entitlements';
import type { Pool } from '@bastionary/prisma/client';
import { type Entitlement, entitlementsOf } from '../rules/license-entitlements.js';
import type { MachineFacts } from '../rules/license-facts.js';
import { digestOf, type StoredLicense } from './find-license.js';
import type { MachineSeat } from './license-facts.js';

/** A key that a program shows, and whether the parts of its machines are asked for. */
export interface Presentation {
  readonly key: string;
  readonly withComponents: boolean;
}

/** All that is written down about the licence of a key, as of one instant. */
export interface Presented {
  /** By the clock of the database, not after what was read. */
  readonly at: Date;
  readonly license: StoredLicense;
  readonly isOwnerSuspended: boolean;
  /** Something fell due for its customer that is not written down yet: settle that, then ask again. */
  readonly isOverdue: boolean;
  readonly users: readonly { readonly id: string; readonly email: string }[];
  /** Dead ones too, the oldest first. */
  readonly machines: readonly (MachineSeat & MachineFacts)[];
  readonly entitlements: readonly Entitlement[];
}

// One statement for all of them, so one snapshot: now() is its beginning, and everything committed before is in it.
const FIND = `
  SELECT date_trunc('milliseconds', now()) AS at, l.id, l.policy_id AS "policyId", l.customer_id AS "customerId", l.name,
    l.limits, l.expires_at AS "expiresAt", l.suspensions, l.revoked_at AS "revokedAt", l.source,
    l.source_plan AS "sourcePlan", l.uses, l.last_validated_at AS "lastValidatedAt",
    l.last_check_in_at AS "lastCheckInAt", l.last_check_out_at AS "lastCheckOutAt", l.metadata,
    l.created_at AS "createdAt", l.updated_at AS "updatedAt",
    coalesce(c.status = 'suspended', false) AS "isOwnerSuspended",
    coalesce(s.valid_until <= now(), false) AS "isOverdue", s.body AS snapshot,
    CASE WHEN s.body IS NOT NULL THEN (
      SELECT json_object_agg(f.key, f.type) FROM feature f
      WHERE f.key IN (SELECT jsonb_object_keys(s.body::jsonb->'features'))) END AS types,
    (SELECT json_agg(json_build_array(e.code, e.value, e.expires_at))
      FROM license_entitlement e WHERE e.license_id = l.id) AS own,
    (SELECT json_agg(json_build_object('id', u.id, 'email', u.email) ORDER BY u.id)
      FROM license_user u WHERE u.license_id = l.id) AS users,
    (SELECT json_agg(json_build_array(m.id, m.fingerprint, m.user_id, m.cores, m.memory, m.disk, m.last_heartbeat_at,
        m.dies_at, m.resurrected_at) ORDER BY m.created_at, m.id)
      FROM machine m WHERE m.license_id = l.id) AS machines,
    (SELECT json_agg(p.machine_id) FROM machine_process p
      WHERE p.license_id = l.id AND p.dies_at >= date_trunc('milliseconds', now())) AS processes,
    CASE WHEN q.with_components THEN (
      SELECT json_agg(json_build_array(p.machine_id, p.fingerprint))
      FROM machine_component p WHERE p.license_id = l.id) END AS components
  FROM unnest($1::text[], $2::bool[]) WITH ORDINALITY AS q (digest, with_components, place)
    LEFT JOIN license l ON l.key_digest = decode(q.digest, 'hex')
    LEFT JOIN customer c ON c.id = l.customer_id
    LEFT JOIN entitlement_snapshot s ON s.customer_id = l.customer_id
  ORDER BY q.place`;

type MachineColumns = [
  id: string,
  fingerprint: string,
  userId: string | null,
  cores: number | null,
  memory: number | null,
  disk: number | null,
  lastHeartbeatAt: string | null,
  diesAt: string | null,
  resurrectedAt: string | null,
];

interface Row extends Omit<StoredLicense, 'id' | 'uses'> {
  readonly at: Date;
  readonly id: string | null;
  readonly uses: string;
  readonly isOwnerSuspended: boolean;
  readonly isOverdue: boolean;
  readonly snapshot: string | null;
  readonly types: Readonly<Record<string, FeatureType>> | null;
  readonly own: readonly [code: string, value: FeatureValue, expiresAt: string | null][] | null;
  readonly users: Presented['users'] | null;
  readonly machines: readonly MachineColumns[] | null;
  /** The machine of each process that lives. */
  readonly processes: readonly string[] | null;
  readonly components: readonly [machineId: string, fingerprint: string][] | null;
}

/** The licences of many keys at once, in the order given; null for a key that is nobody's. */
export async function findPresented(pool: Pool, asked: readonly Presentation[]): Promise<(Presented | null)[]> {
  const digests = asked.map(({ key }) => Buffer.from(digestOf(key)).toString('hex'));
  const values = [digests, asked.map(({ withComponents }) => withComponents)];
  const { rows } = await pool.query<Row>({ name: 'presented_licenses', text: FIND, values });
  return rows.map((row) => (row.id === null ? null : toPresented(row, row.id)));
}

function toPresented(row: Row, id: string): Presented {
  const { at, isOwnerSuspended, isOverdue, users, uses } = row;
  return {
    at,
    license: { ...licenseOf(row), id, uses: BigInt(uses) },
    isOwnerSuspended,
    isOverdue,
    users: users ?? [],
    machines: (row.machines ?? []).map((columns) => toMachine(columns, row)),
    entitlements: entitlementsOf(featuresOf(row), ownOf(row), at),
  };
}

const licenseOf = (row: Row): Omit<StoredLicense, 'id' | 'uses'> => ({
  policyId: row.policyId,
  customerId: row.customerId,
  name: row.name,
  limits: row.limits,
  expiresAt: row.expiresAt,
  suspensions: row.suspensions,
  revokedAt: row.revokedAt,
  source: row.source,
  sourcePlan: row.sourcePlan,
  lastValidatedAt: row.lastValidatedAt,
  lastCheckInAt: row.lastCheckInAt,
  lastCheckOutAt: row.lastCheckOutAt,
  metadata: row.metadata,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

function featuresOf({ snapshot, types }: Row) {
  if (snapshot === null || types === null) return [];
  return Object.entries((JSON.parse(snapshot) as Entitlements).features).flatMap(([key, value]) => {
    const type = types[key];
    return type === undefined ? [] : [{ key, type, value }];
  });
}

const ownOf = ({ own }: Row) =>
  (own ?? []).map(([code, value, expiresAt]) => ({ code, value, expiresAt: instant(expiresAt) }));

function toMachine(columns: MachineColumns, { processes, components }: Row): MachineSeat & MachineFacts {
  const [id, fingerprint, userId, cores, memory, disk, lastHeartbeatAt, diesAt, resurrectedAt] = columns;
  return {
    id,
    fingerprint,
    userId,
    cores,
    memory,
    disk,
    processes: processes?.filter((machineId) => machineId === id).length ?? 0,
    lastHeartbeatAt: instant(lastHeartbeatAt),
    diesAt: instant(diesAt),
    resurrectedAt: instant(resurrectedAt),
    components: (components ?? []).flatMap(([machineId, part]) => (machineId === id ? [part] : [])),
  };
}

const instant = (text: string | null): Date | null => (text === null ? null : new Date(text));
