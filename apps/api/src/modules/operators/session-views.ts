import type { OpenSession, Passkey } from '@bastionary/contracts/proofs';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';

interface SessionRow {
  readonly id: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

export const toOpenSession = (row: SessionRow, ownId: string | null): OpenSession => ({
  id: row.id,
  current: row.id === ownId,
  address: row.address,
  user_agent: row.userAgent,
  created_at: toInstant(row.createdAt),
  last_seen_at: toInstant(row.lastSeenAt),
  expires_at: toInstant(row.expiresAt),
});

interface PasskeyRow {
  readonly id: string;
  readonly name: string;
  readonly isSynced: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

export const toPasskey = ({ id, name, isSynced, createdAt, lastUsedAt }: PasskeyRow): Passkey => ({
  id,
  name,
  synced: isSynced,
  created_at: toInstant(createdAt),
  last_used_at: toInstantOrNull(lastUsedAt),
});
