import { ACCESS_TOKEN_TTL_MAX } from '@bastionary/contracts/client-metadata';
import type { NotBeforeKind } from '@bastionary/contracts/revocations';
import { toInstant } from '@bastionary/contracts/text';
import { appendAudit, type Origin } from '@bastionary/platform/audit';
import { announce } from '@bastionary/platform/changes';
import { appendEvent } from '@bastionary/platform/outbox';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { appendClientEvent } from './append-client-event.js';
import { countLiveTokens } from './live-tokens.js';

const PURGED_AT_ONCE = 200;

export interface Raised {
  /** Live tokens it hit, to the minute; null for a family, whose tokens are not counted apart. */
  readonly hits: bigint | null;
  /** What holds from now on. Later than asked for if it was already. */
  readonly notBefore: Date;
}

/**
 * Kills what was issued before `at`, refresh tokens included where they belong to the subject. Only ever upwards: an
 * earlier `at` than what holds already changes nothing and leaves no record. Call it last in the transaction.
 * @param subject its id: client_id, credential id, resource identifier, kid or family id; empty for the installation
 */
export async function raiseNotBefore(
  tx: Transaction,
  origin: Origin,
  kind: NotBeforeKind,
  subject: string,
  at: Date,
  now: Date,
): Promise<Raised> {
  const hits = kind === 'family' ? null : await countLiveTokens(tx, kind, subject, at, now);
  const lastsUntil = new Date(at.getTime() + ACCESS_TOKEN_TTL_MAX * 1_000);
  const raised = await tx.$executeRaw`
    INSERT INTO not_before AS held (kind, subject, at, lasts_until) VALUES (${kind}, ${subject}, ${at}, ${lastsUntil})
    ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, lasts_until = excluded.lasts_until
      WHERE held.at < excluded.at`;
  if (raised === 0) return { hits, notBefore: await heldFor(tx, kind, subject, at) };
  await revokeFamilies(tx, kind, subject, at, now);
  await announce(tx, { kind: 'not_before', of: kind, subject, at: at.getTime() });
  const target = subject === '' ? kind : `${kind}:${subject}`;
  const detail = { not_before: toInstant(at), ...(hits !== null && { hits: String(hits) }) };
  await appendAudit(tx, origin, { action: `tokens.revoked_by_${kind}`, target, detail });
  const data = { by: kind, id: subject === '' ? null : subject, ...detail };
  if (kind === 'client') await appendClientEvent(tx, { type: 'tokens.revoked', clientId: subject, data });
  else await appendEvent(tx, { type: 'tokens.revoked', key: target, data });
  return { hits, notBefore: at };
}

/** What holds for a subject once `at` is asked for: the later of the two. */
export async function heldFor(db: Reader, kind: NotBeforeKind, subject: string, at: Date): Promise<Date> {
  const held = await db.notBefore.findUnique({ where: { kind_subject: { kind, subject } } });
  return held !== null && held.at > at ? held.at : at;
}

/** Every not-before that may still matter to an access token. */
export async function loadNotBefores(db: Reader): Promise<{ kind: NotBeforeKind; subject: string; at: Date }[]> {
  const rows = await db.notBefore.findMany({ select: { kind: true, subject: true, at: true } });
  return rows.map((row) => ({ ...row, kind: row.kind as NotBeforeKind }));
}

/**
 * Removes not-befores that no access token can be older than. Refresh families live longer, but need the row no more:
 * they are marked themselves, here once more for one that was just being made at the moment of the revocation.
 * Returns how many were removed.
 */
export async function purgeNotBefores(tx: Transaction, now: Date): Promise<number> {
  const removed = await tx.$queryRaw<{ kind: NotBeforeKind; subject: string; at: Date }[]>`
    DELETE FROM not_before WHERE (kind, subject) IN (
      SELECT kind, subject FROM not_before WHERE lasts_until < ${now} ORDER BY lasts_until LIMIT ${PURGED_AT_ONCE}
      FOR UPDATE SKIP LOCKED
    ) RETURNING kind, subject, at`;
  for (const { kind, subject, at } of removed) await revokeFamilies(tx, kind, subject, at, now);
  return removed.length;
}

// A resource or a signing key is no origin of a refresh token: what it is exchanged for later is a new access token.
async function revokeFamilies(
  tx: Transaction,
  kind: NotBeforeKind,
  subject: string,
  before: Date,
  now: Date,
): Promise<void> {
  if (kind === 'resource' || kind === 'signing_key') return;
  const whose = {
    installation: {},
    client: { clientId: subject },
    credential: { credentialId: subject },
    family: { id: subject },
  };
  await tx.refreshFamily.updateMany({
    where: { ...whose[kind], revokedAt: null, expiresAt: { gt: now }, createdAt: { lt: before } },
    data: { revokedAt: now },
  });
}
