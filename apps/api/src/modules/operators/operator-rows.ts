import type { Operator, Role } from '@bastionary/contracts/operators';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { hasSecondFactor } from './session-stage.js';
import { liveAt } from './sessions.js';

const FACTORS = { totp: { select: { confirmedAt: true } }, _count: { select: { passkeys: true } } } as const;

/** An operator and their second factors, held until the end of the transaction: no sign-in and no change comes between. */
export async function lockOperator(tx: Transaction, id: string) {
  await tx.$queryRaw`SELECT id FROM operator WHERE id = ${id} FOR UPDATE`;
  return tx.operator.findUnique({ where: { id }, include: FACTORS });
}
export type LockedOperator = NonNullable<Awaited<ReturnType<typeof lockOperator>>>;

const shown = (idleSeconds: number, now: Date) =>
  ({ ...FACTORS, sessions: { where: liveAt(idleSeconds, now), select: { lastSeenAt: true } } }) as const;

/** Operators after an id, in the order in which they came. */
export function listOperators(
  db: Reader,
  { after, limit, idleSeconds, now }: { after: string | undefined; limit: number; idleSeconds: number; now: Date },
) {
  return db.operator.findMany({
    where: after === undefined ? {} : { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit + 1,
    include: shown(idleSeconds, now),
  });
}

export function findOperator(db: Reader, id: string, idleSeconds: number, now: Date) {
  return db.operator.findUnique({ where: { id }, include: shown(idleSeconds, now) });
}
export type OperatorRow = NonNullable<Awaited<ReturnType<typeof findOperator>>>;

/** Whether somebody has taken this account up: an invited operator has nothing to sign in with yet. */
export const isTakenUp = (operator: Pick<LockedOperator, 'passwordHash' | '_count'>): boolean =>
  operator.passwordHash !== null || operator._count.passkeys > 0;

export function toOperator(row: OperatorRow): Operator {
  const { totp, _count, sessions } = row;
  const seen = sessions.map(({ lastSeenAt }) => lastSeenAt.getTime());
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role as Role,
    status: row.status === 'suspended' ? 'suspended' : isTakenUp(row) ? 'active' : 'invited',
    second_factors: { totp: hasSecondFactor({ totp, _count: { passkeys: 0 } }), passkeys: _count.passkeys },
    sessions: sessions.length,
    last_seen_at: toInstantOrNull(seen.length === 0 ? null : new Date(Math.max(...seen))),
    created_at: toInstant(row.createdAt),
  };
}
