import { type AuditEntry, appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { dueSteps, type KeyPeriods, type KeyStep, promotableAt } from '../rules/key-schedule.js';
import { createSigningKey, noActiveKey } from './signing-keys.js';

const LOCK = 1_637_104_210;

/** What a rotation needs to know, whoever starts it. */
export interface Rotation {
  readonly origin: Origin;
  readonly encryptionKeys: KeyEncryptionKeys;
  readonly periods: KeyPeriods;
  readonly now: Date;
}

/**
 * Takes the steps that are due. Any number of processes may call it at once: the second finds nothing left to do.
 * @returns the steps taken
 * @throws SealError if no key is active
 */
export async function advanceKeys(tx: Transaction, rotation: Rotation): Promise<readonly KeyStep[]> {
  await lockKeys(tx);
  const { steps, entries } = await takeDueSteps(tx, rotation);
  await appendAudit(tx, rotation.origin, ...entries);
  return steps;
}

/**
 * Lets the next key sign now if every verifier can have fetched it, else as soon as that is so. No token is refused.
 * @throws SealError if no key is active
 */
export async function rotateNow(tx: Transaction, rotation: Rotation, reason: string | null): Promise<void> {
  const { origin, now } = rotation;
  await lockKeys(tx);
  const { steps, entries } = await takeDueSteps(tx, rotation);
  const next = await tx.signingKey.findFirstOrThrow({ where: { state: 'next' } });
  if (next.promoteAt === null && !steps.some(({ step }) => step === 'promote')) {
    const promoteAt = new Date(Math.max(promotableAt(next).getTime(), now.getTime()));
    await tx.signingKey.update({ where: { kid: next.kid }, data: { promoteAt } });
    entries.push({
      action: 'signing_key.rotation_requested',
      target: `signing_key:${next.kid}`,
      detail: { promote_at: promoteAt.toISOString(), reason },
    });
    entries.push(...(await takeDueSteps(tx, rotation)).entries);
  }
  await appendAudit(tx, origin, ...entries);
}

/**
 * For a private key in wrong hands. Every key there is stops signing and verifying at once, so every token dies; new keys
 * take their place. Who got hold of one sealed key may have got the next one and the last one as well, so none is spared.
 */
export async function rotateInEmergency(tx: Transaction, rotation: Rotation, reason: string | null): Promise<void> {
  const { origin, encryptionKeys, now } = rotation;
  await lockKeys(tx);
  const retired = await tx.signingKey.updateManyAndReturn({
    where: { state: { not: 'retired' } },
    data: { state: 'retired', retiredAt: now, promoteAt: null, privateSealed: null },
    select: { kid: true },
  });
  const made = [
    await createSigningKey(tx, encryptionKeys, 'active', now),
    await createSigningKey(tx, encryptionKeys, 'next', now),
  ];
  const { kid } = await tx.signingKey.findFirstOrThrow({ where: { state: 'active' }, select: { kid: true } });
  await announce(tx, { kind: 'keys' });
  await appendRotation(tx, { kid, replaces: retired.map((key) => key.kid), emergency: true });
  const because = { emergency: true, reason };
  await appendAudit(
    tx,
    origin,
    ...retired.map(({ kid }) => ({ action: 'signing_key.retired', target: `signing_key:${kid}`, detail: because })),
    ...made.map((entry) => ({ ...entry, detail: { ...entry.detail, ...because } })),
  );
}

// A queue of its own for everybody who changes keys: the decision must not be older than the change.
const lockKeys = (tx: Transaction): Promise<unknown> => tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;

async function takeDueSteps(tx: Transaction, { encryptionKeys, periods, now }: Rotation) {
  const keys = await tx.signingKey.findMany({ where: { state: { not: 'retired' } }, omit: { privateSealed: true } });
  if (!keys.some(({ state }) => state === 'active')) throw noActiveKey();
  const steps = dueSteps(keys, periods, now);
  const entries: AuditEntry[] = [];
  for (const step of steps) entries.push(...(await take(tx, step, encryptionKeys, now)));
  if (steps.length > 0) await announce(tx, { kind: 'keys' });
  return { steps, entries };
}

async function take(tx: Transaction, step: KeyStep, keys: KeyEncryptionKeys, now: Date): Promise<AuditEntry[]> {
  if (step.step === 'create') return [await createSigningKey(tx, keys, 'next', now)];
  const { kid } = step;
  if (step.step === 'retire') {
    await tx.signingKey.update({ where: { kid }, data: { state: 'retired', retiredAt: now } });
    return [{ action: 'signing_key.retired', target: `signing_key:${kid}` }];
  }
  const { replaces } = step;
  // The private part has done its work; what is not kept cannot be stolen.
  await tx.signingKey.update({
    where: { kid: replaces },
    data: { state: 'retiring', retiringAt: now, privateSealed: null },
  });
  await tx.signingKey.update({ where: { kid }, data: { state: 'active', activatedAt: now, promoteAt: null } });
  await appendRotation(tx, { kid, replaces: [replaces], emergency: false });
  return [
    { action: 'signing_key.retiring', target: `signing_key:${replaces}`, detail: { replaced_by: kid } },
    { action: 'signing_key.activated', target: `signing_key:${kid}`, detail: { replaces } },
  ];
}

// One key for all: whoever follows the rotations gets them in their order.
const appendRotation = (
  tx: Transaction,
  data: { readonly kid: string; readonly replaces: readonly string[]; readonly emergency: boolean },
): Promise<void> => appendEvent(tx, { type: 'signing_key.rotated', key: 'signing_keys', data });
