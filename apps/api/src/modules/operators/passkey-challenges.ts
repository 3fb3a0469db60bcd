import type { Database } from '../../platform/providers.js';
import { invalidProof } from './invalid-proof.js';

/** What a signature is asked for, and in which session; signing in has none yet. */
export type Ceremony =
  | { readonly purpose: 'register' | 'prove'; readonly sessionId: string; readonly operatorId: string }
  | { readonly purpose: 'sign_in'; readonly sessionId: null; readonly operatorId: null };

export const SIGN_IN: Ceremony = { purpose: 'sign_in', sessionId: null, operatorId: null };
export const CEREMONY_MS = 300_000;

/** Keeps what an authenticator was asked to sign; forgets what was asked too long ago. */
export async function keepChallenge(db: Database, challenge: string, ceremony: Ceremony, now: Date): Promise<void> {
  await db.passkeyChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
  const expiresAt = new Date(now.getTime() + CEREMONY_MS);
  await db.passkeyChallenge.create({ data: { challenge, ...ceremony, expiresAt } });
}

/**
 * Takes the challenge of an answer away, whether or not the answer turns out right: it serves once.
 * @throws AppError invalid_sign_in unless it was asked for this, in this session, and not too long ago
 */
export async function takeChallenge(
  db: Database,
  clientDataJson: string,
  ceremony: Ceremony,
  now: Date,
): Promise<string> {
  const challenge = challengeOf(clientDataJson);
  const { count } = await db.passkeyChallenge.deleteMany({
    where: { challenge, ...ceremony, expiresAt: { gt: now } },
  });
  if (count !== 1) throw invalidProof('the challenge is not one that was asked here');
  return challenge;
}

function challengeOf(clientDataJson: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString()) as { challenge?: unknown };
    if (typeof challenge === 'string') return challenge;
  } catch {
    // Told below, like every other answer that cannot be used.
  }
  throw invalidProof('clientDataJSON holds no challenge');
}
