import type { LimitName, PolicyTerms } from '@bastionary/contracts/license-policies';
import type { LimitUse, ValidationCode } from '@bastionary/contracts/license-validation';
import type { LimitOverrides, Used } from './license-facts.js';

export type Limits = Readonly<Record<LimitName, number | null>>;
type OverageStrategy = PolicyTerms['overage_strategy'];

/** In the order in which they are looked at, with what a validation says of too much; uses have no code. */
export const LIMIT_CODES = {
  max_users: 'TOO_MANY_USERS',
  max_machines: 'TOO_MANY_MACHINES',
  max_cores: 'TOO_MANY_CORES',
  max_memory: 'TOO_MUCH_MEMORY',
  max_disk: 'TOO_MUCH_DISK',
  max_processes: 'TOO_MANY_PROCESSES',
} as const satisfies Partial<Record<LimitName, ValidationCode>>;

export const LIMIT_NAMES = [...(Object.keys(LIMIT_CODES) as (keyof typeof LIMIT_CODES)[]), 'max_uses'] as const;

/** The limits that hold for a licence: its own before those of its policy. Node-locked: one machine, whatever else is said. */
export function effectiveLimits(terms: PolicyTerms, own: LimitOverrides): Limits {
  const limits = Object.fromEntries(
    LIMIT_NAMES.map((name) => [name, own[name] === undefined ? terms[name] : own[name]]),
  ) as Record<LimitName, number | null>;
  return terms.floating ? limits : { ...limits, max_machines: 1 };
}

const FACTORS = {
  NO_OVERAGE: [1, 1],
  ALLOW_1_25X_OVERAGE: [5, 4],
  ALLOW_1_5X_OVERAGE: [3, 2],
  ALLOW_2X_OVERAGE: [2, 1],
} as const;

/** How much of a limit may be taken with overage; null: no end. What is not whole is rounded down. */
export function allowedOf(limit: number | null, strategy: OverageStrategy): number | null {
  if (limit === null || strategy === 'ALWAYS_ALLOW_OVERAGE') return null;
  const [times, per] = FACTORS[strategy];
  // Quotient and remainder apart, so that no product leaves what numbers hold exactly before it is capped.
  const whole = Math.floor(limit / per);
  return Math.min(Number.MAX_SAFE_INTEGER, whole * times + Math.floor(((limit % per) * times) / per));
}

/** The lowest limit under which so much may be taken. */
export function leastLimit(used: number, strategy: OverageStrategy): number {
  if (strategy === 'ALWAYS_ALLOW_OVERAGE') return 1;
  const [times, per] = FACTORS[strategy];
  return Math.max(1, Math.floor(used / times) * per + Math.ceil(((used % times) * per) / times));
}

/** `within` the limit, `over` it but tolerated, or `beyond` what is tolerated. */
export function standingOf(
  limit: number | null,
  used: number,
  strategy: OverageStrategy,
): 'within' | 'over' | 'beyond' {
  if (limit === null || used <= limit) return 'within';
  const allowed = allowedOf(limit, strategy);
  return allowed === null || used <= allowed ? 'over' : 'beyond';
}

/** What is taken and left of each limit. Overage is not counted as free: nobody paid for it. */
export function limitUses(limits: Limits, used: Used): Record<LimitName, LimitUse> {
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const limit = limits[name];
      return [name, { limit, used: used[name], free: limit === null ? null : Math.max(0, limit - used[name]) }];
    }),
  ) as Record<LimitName, LimitUse>;
}

/**
 * The first limit that would not bear so much more, overage included; null if all do. Uses bear no overage: they are
 * counted, not held. Strict or not: what validation does not count, activation does.
 */
export function refusedLimit(
  limits: Limits,
  strategy: OverageStrategy,
  used: Used,
  more: Readonly<Partial<Record<LimitName, number>>>,
): LimitName | null {
  const refused = LIMIT_NAMES.find((name) => {
    const amount = more[name] ?? 0;
    const of = name === 'max_uses' ? 'NO_OVERAGE' : strategy;
    return amount > 0 && standingOf(limits[name], used[name] + amount, of) === 'beyond';
  });
  return refused ?? null;
}
