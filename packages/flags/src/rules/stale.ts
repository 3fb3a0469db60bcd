import type { FlagKind } from '@bastionary/contracts/flags';

/** What decides whether a flag could go. Instants in milliseconds. */
export interface LifeFacts {
  readonly kind: FlagKind;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastEvaluatedAt: number | null;
  /** The variants served in the last 30 days, in all environments. */
  readonly recentVariants: readonly string[];
}

const DAY = 86_400_000;
const WINDOW_DAYS = 30;
/** These stay for good: that they always say the same is no reason to remove them. */
const LASTING: readonly FlagKind[] = ['operational', 'permission', 'kill_switch'];

/** Why a flag could be removed; null: it should stay. */
export function staleness(
  { kind, createdAt, expiresAt, lastEvaluatedAt, recentVariants }: LifeFacts,
  now: number,
): string | null {
  if (expiresAt !== null && expiresAt <= now) return 'It should have been gone by the date that was set for it.';
  if (now - createdAt < WINDOW_DAYS * DAY || LASTING.includes(kind)) return null;
  if (lastEvaluatedAt === null) return 'No program has ever asked for it.';
  if (now - lastEvaluatedAt > WINDOW_DAYS * DAY) return `No program has asked for it for ${WINDOW_DAYS} days.`;
  const [only] = recentVariants;
  if (recentVariants.length === 1) return `Everybody has got ${only} for ${WINDOW_DAYS} days: the code can decide it.`;
  return null;
}
