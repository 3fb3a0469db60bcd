import { toPlanReference } from './plan-reference.js';
import type { Terms } from './scheduled-change.js';

/** One plan or add-on that a subscription holds. */
export interface Item {
  readonly kind: 'plan' | 'add_on';
  /** key@version */
  readonly plan: string;
  readonly quantity: number;
  /** In this version and quantity since then. */
  readonly since: Date;
}

/** What the items come to. @throws Error if there is no plan among them */
export function termsOf(items: readonly Item[]): Terms {
  const plan = items.find(({ kind }) => kind === 'plan');
  if (plan === undefined) throw new Error('a subscription has no plan');
  const addOns = items.filter(({ kind }) => kind === 'add_on').map(({ plan, quantity }) => ({ plan, quantity }));
  return { plan: plan.plan, quantity: plan.quantity, addOns };
}

/** The items after a change of terms at `at`: what stays as it was keeps its `since`. */
export function itemsAfter(items: readonly Item[], terms: Terms, at: Date): Item[] {
  const wanted: Omit<Item, 'since'>[] = [
    { kind: 'plan', plan: terms.plan, quantity: terms.quantity },
    ...terms.addOns.map((addOn) => ({ kind: 'add_on' as const, ...addOn })),
  ];
  return wanted.map((one) => {
    const kept = items.find(({ plan, quantity }) => plan === one.plan && quantity === one.quantity);
    return { ...one, since: kept?.since ?? at };
  });
}

/** Whether two references are to the same plan, in whatever version. */
export const isSamePlan = (one: string, other: string): boolean =>
  toPlanReference(one).key === toPlanReference(other).key;
