import type { FeatureValue } from '@bastionary/contracts/entitlements';
import type { ExplainChange, ExplainStep } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import type { ExplainedSubscription, FeaturesOf } from '../explain-subscription.js';
import { termsOf } from '../items.js';
import { settle } from '../settle.js';
import { standingAt } from '../subscription-state.js';

export interface OverdueInvoice {
  readonly id: string;
  readonly number: string;
  readonly subscriptionId: string;
  readonly currency: string;
  /** Minor units, as it stands now. */
  readonly amountDue: bigint;
  readonly dueAt: Date;
  /** It was paid, and the money went back. */
  readonly isPaidBack: boolean;
}

/** What is overdue of the subscriptions that are past due, or suspended because of it. */
export function explainOverdue(
  subscriptions: readonly ExplainedSubscription[],
  invoices: readonly OverdueInvoice[],
  at: Date,
): ExplainStep[] {
  const inDebt = new Map(subscriptions.map((one) => [one.id, debtOf(one, at)]));
  return invoices.flatMap((invoice): ExplainStep[] => {
    const debt = inDebt.get(invoice.subscriptionId);
    if (debt === undefined || debt === 'none') return [];
    const consequence =
      debt === 'suspended'
        ? `that is why subscription ${invoice.subscriptionId} is suspended`
        : `subscription ${invoice.subscriptionId} is suspended if it stays so`;
    const standing = invoice.isPaidBack
      ? 'was paid back and is open again'
      : `was due at ${toInstant(invoice.dueAt)} and is not paid`;
    const fact = `Invoice ${invoice.number} ${standing}: ${consequence}.`;
    return [{ step: 'invoice', fact, id: invoice.id, result: 'informs' }];
  });
}

/**
 * The payments that give back a feature: of all that is overdue of a subscription which has it, and is suspended for nothing
 * but that. Empty if no payment would.
 */
export function payOverdue(
  subscriptions: readonly ExplainedSubscription[],
  invoices: readonly OverdueInvoice[],
  featuresOf: FeaturesOf,
  asked: { readonly feature: string; readonly suffices: (value: FeatureValue | undefined) => boolean },
  at: Date,
): ExplainChange[] {
  for (const one of subscriptions) {
    const overdue = invoices.filter(({ subscriptionId }) => subscriptionId === one.id);
    if (debtOf(one, at) !== 'suspended' || overdue.length === 0) continue;
    const { plan, addOns } = termsOf(settle(one.contract, one.settledAt, at).contract.items);
    const gives = [plan, ...addOns.map((addOn) => addOn.plan)].some((name) => {
      const features = featuresOf(name);
      return Object.hasOwn(features, asked.feature) && asked.suffices(features[asked.feature]);
    });
    if (gives) return payOf(overdue, one.id);
  }
  return [];
}

/** The payments of all that is overdue of one subscription. */
export const payOf = (invoices: readonly OverdueInvoice[], subscription: string): ExplainChange[] =>
  invoices.filter(({ subscriptionId }) => subscriptionId === subscription).map(payment);

const payment = ({ id, number, currency, amountDue }: OverdueInvoice): ExplainChange => ({
  act: 'pay_invoice',
  target: id,
  detail: `Invoice ${number} is paid: ${amountDue} in minor units of ${currency} are due. Send the reference of the payment that came in.`,
  request: null,
});

/** Whether it works, is warned, or is suspended for debt alone: what is owed, or was paid back. */
function debtOf({ contract, settledAt }: ExplainedSubscription, at: Date): 'none' | 'past_due' | 'suspended' {
  const { state, because } = standingAt(settle(contract, settledAt, at).contract.facts, at);
  if (because === 'grace_over' || because === 'refunded') return 'suspended';
  return state === 'past_due' ? 'past_due' : 'none';
}
