import { newId } from '@bastionary/platform/ids';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { digestToken, newToken } from './session-token.js';

export interface Visitor {
  readonly address: string | null;
  readonly userAgent: string | null;
}

export interface OpenedSession {
  /** For the cookie, and nowhere else. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Begins a session with a new id: an id from before signing in is never kept (session fixation). */
export async function openSession(
  tx: Transaction,
  operatorId: string,
  options: { mustVerify: boolean; mustSetPassword: boolean; maxSeconds: number; visitor: Visitor; now: Date },
): Promise<OpenedSession> {
  const { mustVerify, mustSetPassword, maxSeconds, visitor, now } = options;
  const token = newToken();
  const expiresAt = new Date(now.getTime() + maxSeconds * 1_000);
  await tx.operatorSession.deleteMany({ where: { operatorId, expiresAt: { lt: now } } });
  await tx.operatorSession.create({
    data: {
      digest: digestToken(token),
      id: newId('ses'),
      operatorId,
      mustVerify,
      mustSetPassword,
      provenAt: now,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      address: visitor.address,
      userAgent: visitor.userAgent?.slice(0, 300) ?? null,
    },
  });
  return { token, expiresAt };
}

/**
 * Notes a proof in a session, which goes on under a new cookie: what was read before is worth nothing after.
 * Its end stays where it was. Undefined if another request was faster, or the session has ended.
 */
export async function renewSession(tx: Transaction, digest: string, now: Date): Promise<OpenedSession | undefined> {
  const token = newToken();
  const [renewed] = await tx.operatorSession.updateManyAndReturn({
    where: { digest, expiresAt: { gt: now } },
    data: { digest: digestToken(token), mustVerify: false, provenAt: now, lastSeenAt: now },
  });
  return renewed && { token, expiresAt: renewed.expiresAt };
}

const WITH_OPERATOR = {
  operator: { include: { totp: { select: { confirmedAt: true } }, _count: { select: { passkeys: true } } } },
} as const;

/** The session of a cookie, with its operator; null if there is none, or it has ended or been idle too long. */
export async function findSession(db: Reader, digest: string, idleSeconds: number, now: Date) {
  const session = await db.operatorSession.findUnique({ where: { digest }, include: WITH_OPERATOR });
  if (session === null || session.expiresAt <= now || session.operator.status !== 'active') return null;
  return session.lastSeenAt.getTime() + idleSeconds * 1_000 <= now.getTime() ? null : session;
}

export type FoundSession = NonNullable<Awaited<ReturnType<typeof findSession>>>;

const SEEN_EVERY_MS = 60_000;

/** Notes that a session is in use, once a minute. */
export async function touchSession(db: Reader, session: FoundSession, now: Date): Promise<void> {
  if (now.getTime() - session.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
  await db.operatorSession.updateMany({ where: { digest: session.digest }, data: { lastSeenAt: now } });
}

/** Sessions of an operator that have neither ended nor been idle too long, the last seen first. */
export function liveSessions(db: Reader, operatorId: string, idleSeconds: number, now: Date) {
  return db.operatorSession.findMany({
    where: { operatorId, ...liveAt(idleSeconds, now) },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'desc' }],
  });
}

export const liveAt = (idleSeconds: number, now: Date) => ({
  expiresAt: { gt: now },
  lastSeenAt: { gt: new Date(now.getTime() - idleSeconds * 1_000) },
});

/** Ends every session of an operator but one. Returns how many. */
export async function endSessions(tx: Transaction, operatorId: string, exceptId?: string): Promise<number> {
  const { count } = await tx.operatorSession.deleteMany({
    where: { operatorId, ...(exceptId !== undefined && { id: { not: exceptId } }) },
  });
  return count;
}
