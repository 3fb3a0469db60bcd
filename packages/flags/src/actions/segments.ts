import type { CreateSegmentRequest, UpdateSegmentRequest } from '@bastionary/contracts/environments';
import type { SegmentRules } from '@bastionary/contracts/flag-rules';
import { differences } from '@bastionary/entitlements/actions/differences';
import { AppError } from '@bastionary/platform/app-error';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { circleThrough, neededFor } from '../rules/needs.js';
import { segmentFaults } from '../rules/settings-faults.js';
import { loadModel } from './load-model.js';
import { lockEnvironments, move } from './lock-environments.js';
import { checkVersion, invalidField, noSuchSegment, refuseFaults, refuseNeeded } from './refusals.js';

/** @throws AppError not_found */
export async function getSegment(db: Reader, key: string) {
  const row = await db.flagSegment.findUnique({ where: { key } });
  if (row === null) throw noSuchSegment(key);
  return { ...row, rules: row.rules as unknown as SegmentRules };
}

export type SegmentRow = Awaited<ReturnType<typeof getSegment>>;

/** All of them, by key. */
export async function listSegments(db: Reader): Promise<SegmentRow[]> {
  const rows = await db.flagSegment.findMany({ orderBy: { key: 'asc' } });
  return rows.map((row) => ({ ...row, rules: row.rules as unknown as SegmentRules }));
}

/** Flags and segments that ask for a segment, in any environment. */
export async function usersOfSegment(db: Reader, key: string): Promise<string[]> {
  const environments = await db.flagEnvironment.findMany({ select: { key: true } });
  const users = new Set<string>();
  for (const environment of environments) {
    const model = await loadModel(db, environment.key);
    if (model !== null) for (const one of neededFor(model, `segment ${key}`)) users.add(one);
  }
  return [...users].sort();
}

/** @throws AppError duplicate_segment, invalid_request */
export async function createSegment(
  tx: Transaction,
  origin: Origin,
  { key, name = key, description = null, ...rules }: CreateSegmentRequest,
  now: Date,
): Promise<SegmentRow> {
  const environments = await lockEnvironments(tx);
  if ((await tx.flagSegment.count({ where: { key } })) > 0)
    throw new AppError('duplicate_segment', `There is a segment ${key} already.`);
  await tx.flagSegment.create({
    data: { key, name, description, rules: rules as object, createdAt: now, updatedAt: now },
  });
  await check(tx, environments, key);
  await move(tx, environments);
  await tell(tx, origin, 'segment.created', key, { name, ...counted(rules) });
  return getSegment(tx, key);
}

/** @throws AppError not_found, version_mismatch, invalid_request */
export async function updateSegment(
  tx: Transaction,
  origin: Origin,
  key: string,
  change: UpdateSegmentRequest,
  ifVersion: number | undefined,
  now: Date,
): Promise<SegmentRow> {
  const environments = await lockEnvironments(tx);
  const before = await getSegment(tx, key);
  checkVersion('segment', ifVersion, before.version);
  const old = { name: before.name, description: before.description, ...before.rules };
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const { name, description, ...rules } = { ...old, ...Object.fromEntries(given) } as typeof old;
  const changes = differences(old, { name, description, ...rules });
  if (Object.keys(changes).length === 0) return before;
  await tx.flagSegment.update({
    where: { key },
    data: { name, description, rules: rules as object, updatedAt: now, version: { increment: 1 } },
  });
  await check(tx, environments, key);
  await move(tx, environments);
  await tell(tx, origin, 'segment.updated', key, { changed: Object.keys(changes), ...counted(rules) });
  return getSegment(tx, key);
}

/** @throws AppError not_found, segment_in_use naming who asks for it */
export async function deleteSegment(tx: Transaction, origin: Origin, key: string): Promise<void> {
  const environments = await lockEnvironments(tx);
  await getSegment(tx, key);
  refuseNeeded('segment_in_use', `The segment ${key}`, await usersOfSegment(tx, key));
  await tx.flagSegment.delete({ where: { key } });
  await move(tx, environments);
  await tell(tx, origin, 'segment.deleted', key, {});
}

// Segments are the same everywhere, and ask for segments only: one environment tells.
async function check(tx: Transaction, [environment]: readonly string[], key: string): Promise<void> {
  const model = environment === undefined ? null : await loadModel(tx, environment);
  const rules = model?.segments.get(key);
  if (model === null || rules === undefined) return;
  refuseFaults(segmentFaults(model, rules));
  const circle = circleThrough(model, `segment ${key}`);
  if (circle !== null) throw invalidField('/groups', `segments would ask for each other in a circle: ${circle}`);
}

// Who is in it may be thousands of people: neither log nor events are the place for them.
const counted = ({ included, excluded, groups }: SegmentRules) => ({
  included: included.length,
  excluded: excluded.length,
  groups,
});

async function tell(
  tx: Transaction,
  origin: Origin,
  type: 'segment.created' | 'segment.updated' | 'segment.deleted',
  key: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, origin, { action: type, target: `segment:${key}`, detail });
  await appendEvent(tx, { type, key: `segment:${key}`, data: { segment: key, ...detail } });
}
