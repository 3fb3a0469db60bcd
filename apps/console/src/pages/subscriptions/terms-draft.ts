import type { Terms } from './terms';
import { keyOf } from './terms';

/** What stands in the fields. An empty version is the newest published one; add-ons name a version only if they have one. */
export type TermsDraft = {
  plan: string;
  version: string;
  quantity: string;
  addOns: { plan: string; quantity: string }[];
};

export const emptyTerms: TermsDraft = { plan: '', version: '', quantity: '1', addOns: [] };

export const readTerms = ({ plan, quantity, add_ons: addOns }: Terms): TermsDraft => ({
  plan: keyOf(plan),
  version: plan.split('@')[1] ?? '',
  quantity: String(quantity),
  addOns: addOns.map((addOn) => ({ plan: addOn.plan, quantity: String(addOn.quantity) })),
});

const toQuantity = (typed: string) => (/^[1-9]\d{0,9}$/.test(typed.trim()) ? Number(typed) : null);

/** The terms to send, or what is wrong by the field's name. */
export const writeTerms = (draft: TermsDraft): { terms: Terms } | { faults: Record<string, string> } => {
  const quantity = toQuantity(draft.quantity);
  const addOns = draft.addOns.map((addOn) => ({ plan: addOn.plan, quantity: toQuantity(addOn.quantity) }));
  const faults = {
    ...(draft.plan === '' && { plan: 'choose a plan' }),
    ...(quantity === null && { quantity: 'must be a whole number, 1 or more' }),
    ...(addOns.some((addOn) => addOn.plan === '' || addOn.quantity === null) && {
      add_ons: 'each needs an add-on and a whole number, 1 or more',
    }),
  };
  if (quantity === null || Object.keys(faults).length > 0) return { faults };
  const plan = draft.version === '' ? draft.plan : `${draft.plan}@${draft.version}`;
  return { terms: { plan, quantity, add_ons: addOns.map((one) => ({ ...one, quantity: one.quantity ?? 1 })) } };
};
