import type { NotBeforeKind } from '@bastionary/contracts/revocations';
import type { Database, Transaction } from '@bastionary/prisma/client';

/** The PostgreSQL channel on which processes tell each other what to forget or to learn. */
export const CHANGES_CHANNEL = 'bastionary_changes';

export type Change =
  | { readonly kind: 'client'; readonly clientId: string }
  | { readonly kind: 'revoked'; readonly jti: string; readonly expiresAt: number }
  // `subject` is its id, empty for the installation; `at` in ms.
  | { readonly kind: 'not_before'; readonly of: NotBeforeKind; readonly subject: string; readonly at: number }
  | { readonly kind: 'resources' }
  // Its snapshot has this epoch now; 0 if something else about it changed.
  | { readonly kind: 'customer'; readonly customerId: string; readonly epoch: number }
  | { readonly kind: 'keys' }
  | { readonly kind: 'license_keys' }
  | { readonly kind: 'license_policies' }
  // What is served there; empty: in all environments.
  | { readonly kind: 'flags'; readonly environment: string }
  | { readonly kind: 'flag_client_keys' };

const announced = new WeakMap<Transaction, Change[]>();

/** Announces a change to every process, at the commit of `tx` and only then. */
export async function announce(tx: Transaction, change: Change): Promise<void> {
  announced.get(tx)?.push(change);
  await tx.$executeRaw`SELECT pg_notify(${CHANGES_CHANNEL}, ${JSON.stringify(change)})`;
}

/** The same for many at once. */
export async function announceAll(tx: Transaction, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  announced.get(tx)?.push(...changes);
  const messages = changes.map((change) => JSON.stringify(change));
  await tx.$executeRaw`SELECT pg_notify(${CHANGES_CHANNEL}, message) FROM unnest(${messages}::text[]) AS message`;
}

/**
 * Runs `work` in one transaction. After the commit, and before it returns, `apply` gets what was announced:
 * this process need not wait for its own notification.
 */
export async function inTransaction<Result>(
  db: Database,
  work: (tx: Transaction) => Promise<Result>,
  apply: (changes: readonly Change[]) => void = () => undefined,
  timeoutMs = 10_000,
): Promise<Result> {
  const changes: Change[] = [];
  const result = await db.$transaction(
    async (tx) => {
      announced.set(tx, changes);
      return work(tx);
    },
    { maxWait: 2_000, timeout: timeoutMs },
  );
  apply(changes);
  return result;
}
