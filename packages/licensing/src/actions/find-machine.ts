import type { Machine } from '@bastionary/contracts/licenses';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { heartbeatStatusOf } from '../rules/heartbeat.js';
import { noSuchMachine } from './refusals.js';

/** By id or, within one licence, by fingerprint. @throws AppError not_found */
export async function getMachine(db: Reader, licenseId: string, idOrFingerprint: string) {
  const row = await db.machine.findFirst({
    where: { licenseId, OR: [{ id: idOrFingerprint }, { fingerprint: idOrFingerprint }] },
  });
  if (row === null) throw noSuchMachine(idOrFingerprint);
  return row;
}

export type MachineRow = Awaited<ReturnType<typeof getMachine>>;

/** What answers tell of a row. */
export type ToldMachine = Omit<MachineRow, 'deadAt' | 'lastCheckOutAt' | 'memory' | 'disk'> & {
  /** Bytes, in whichever way they were read. */
  readonly [size in 'memory' | 'disk']: bigint | string | null;
};

export interface MachineFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
}

/** The machines of a licence, the newest first; one more than asked for if there are more. */
export const listMachines = (db: Reader, licenseId: string, { limit, after }: MachineFilter): Promise<MachineRow[]> =>
  db.machine.findMany({
    where: {
      licenseId,
      ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });

/** Machines as they stand in answers, by the clock of the database. */
export async function toMachines(db: Reader, rows: readonly MachineRow[]): Promise<Machine[]> {
  const machineId = { in: rows.map(({ id }) => id) };
  const at = await databaseClock(db);
  const components = await db.machineComponent.findMany({ where: { machineId }, orderBy: { id: 'asc' } });
  const processes = await db.machineProcess.groupBy({
    by: ['machineId'],
    where: { machineId, diesAt: { gte: at } },
    _count: true,
  });
  return rows.map((row) => {
    const its = components.filter((one) => one.machineId === row.id);
    const count = processes.find((one) => one.machineId === row.id)?._count ?? 0;
    return toMachine(row, { components: its, processes: count }, at);
  });
}

interface OnMachine {
  readonly components: Machine['components'];
  /** How many live. */
  readonly processes: number;
}

/** A machine as it stands in answers. @param at by the clock of the database */
export function toMachine(row: ToldMachine, { components, processes }: OnMachine, at: Date): Machine {
  return {
    id: row.id,
    license_id: row.licenseId,
    fingerprint: row.fingerprint,
    name: row.name,
    hostname: row.hostname,
    platform: row.platform,
    ip: row.ip,
    cores: row.cores,
    memory: row.memory === null ? null : Number(row.memory),
    disk: row.disk === null ? null : Number(row.disk),
    user: row.userId,
    heartbeat_status: heartbeatStatusOf(row, at),
    last_heartbeat_at: toInstantOrNull(row.lastHeartbeatAt),
    dies_at: toInstantOrNull(row.diesAt),
    processes,
    components: components.map(({ id, fingerprint, name }) => ({ id, fingerprint, name })),
    metadata: row.metadata as Machine['metadata'],
    created_at: toInstant(row.createdAt),
    updated_at: toInstant(row.updatedAt),
  };
}

/** What the database's clock says. Heartbeats go by it, whatever the clocks of programs and processes say. */
export async function databaseClock(db: Reader): Promise<Date> {
  const [row] = await db.$queryRaw<[{ at: Date }]>`SELECT date_trunc('milliseconds', clock_timestamp()) AS at`;
  return row.at;
}
