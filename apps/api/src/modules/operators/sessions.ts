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
  options: { mustSetPassword: boolean; maxSeconds: number; visitor: Visitor; now: Date },
): Promise<OpenedSession> {
  const { mustSetPassword, maxSeconds, visitor, now } = options;
  const token = newToken();
  const expiresAt = new Date(now.getTime() + maxSeconds * 1_000);
  await tx.operatorSession.deleteMany({ where: { operatorId, expiresAt: { lt: now } } });
  await tx.operatorSession.create({
    data: {
      digest: digestToken(token),
      operatorId,
      mustSetPassword,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      address: visitor.address,
      userAgent: visitor.userAgent?.slice(0, 300) ?? null,
    },
  });
  return { token, expiresAt };
}

/** The session of a cookie, with its operator; null if there is none, or it has ended or been idle too long. */
export async function findSession(db: Reader, token: string, idleSeconds: number, now: Date) {
  const digest = digestToken(token);
  const session = await db.operatorSession.findUnique({ where: { digest }, include: { operator: true } });
  if (session === null || session.expiresAt <= now) return null;
  return session.lastSeenAt.getTime() + idleSeconds * 1_000 <= now.getTime() ? null : session;
}

export type FoundSession = NonNullable<Awaited<ReturnType<typeof findSession>>>;

const SEEN_EVERY_MS = 60_000;

/** Notes that a session is in use, once a minute. */
export async function touchSession(db: Reader, session: FoundSession, now: Date): Promise<void> {
  if (now.getTime() - session.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
  await db.operatorSession.updateMany({ where: { digest: session.digest }, data: { lastSeenAt: now } });
}
