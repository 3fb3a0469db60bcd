import type { SettingsPreview } from '@bastionary/contracts/flags';

/** A customer for whom a flag becomes something else. */
export interface AffectedCustomer {
  readonly id: string;
  readonly name: string;
  /** Null: none. */
  readonly plan: string | null;
  readonly from: string;
  readonly to: string;
}

const EXAMPLES = 10;
const number = new Intl.NumberFormat('en');

/**
 * What a change means for whom, by plan and in one sentence.
 * @param customers how many were looked at
 * @param off the variant that means having lost it
 * @param changes in words
 */
export function blastRadius(
  affected: readonly AffectedCustomer[],
  customers: number,
  off: string,
  changes: readonly string[],
): SettingsPreview {
  const plans = new Map<string | null, { gain: number; lose: number; other: number }>();
  const moves = new Map<string, { from: string; to: string; customers: number }>();
  for (const { plan, from, to } of affected) {
    const counts = plans.get(plan) ?? { gain: 0, lose: 0, other: 0 };
    counts[to === off ? 'lose' : from === off ? 'gain' : 'other']++;
    plans.set(plan, counts);
    const way = `${from} ${to}`;
    const move = moves.get(way) ?? { from, to, customers: 0 };
    move.customers++;
    moves.set(way, move);
  }
  const byPlan = [...plans].map(([plan, counts]) => ({ plan, ...counts })).sort(bySize);
  return {
    changes: [...changes],
    customers,
    changed: affected.length,
    by_plan: byPlan,
    moves: [...moves.values()].sort((one, other) => other.customers - one.customers),
    examples: affected.slice(0, EXAMPLES).map(({ id, name, from, to }) => ({ customer: id, name, from, to })),
    sentence: sentence(affected.length, customers, byPlan),
  };
}

type PlanCounts = SettingsPreview['by_plan'][number];
const bySize = (one: PlanCounts, other: PlanCounts): number =>
  other.gain + other.lose + other.other - (one.gain + one.lose + one.other);

/** For example "214 of 2,000 customers change; 12 on enterprise lose it". */
function sentence(changed: number, customers: number, plans: readonly PlanCounts[]): string {
  if (changed === 0) return `None of ${number.format(customers)} customers changes`;
  const verb = changed === 1 ? 'changes' : 'change';
  const losses = plans
    .filter(({ lose }) => lose > 0)
    .map(
      ({ plan, lose }) =>
        `${number.format(lose)} ${plan === null ? 'without a plan' : `on ${plan}`} ${lose === 1 ? 'loses' : 'lose'} it`,
    );
  return [`${number.format(changed)} of ${number.format(customers)} customers ${verb}`, ...losses].join('; ');
}
