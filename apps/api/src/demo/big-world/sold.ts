import { createPlan } from '@bastionary/billing/actions/change-plans';
import type { CreatePlanRequest } from '@bastionary/contracts/plans';
import type { Price } from '@bastionary/contracts/prices';
import type { Transaction } from '@bastionary/prisma/client';
import { ORIGIN } from '../chronicle.js';

const CURRENCIES = ['EUR', 'USD', 'GBP'] as const;
/** Most buy in the first. */
export const MARKETS = [
  ['EUR', 'DE'],
  ['EUR', 'FR'],
  ['EUR', 'NL'],
  ['EUR', 'ES'],
  ['EUR', 'IT'],
  ['EUR', 'AT'],
  ['USD', 'US'],
  ['USD', 'CA'],
  ['GBP', 'GB'],
] as const;

const price = (fields: Pick<Price, 'key' | 'model'> & Partial<Price>): Price[] =>
  CURRENCIES.map((currency) => ({ currency, interval: 'month', interval_count: 1, timing: 'in_advance', ...fields }));

const plan = (key: string, name: string, prices: Price[], trial_days = 0): CreatePlanRequest => ({
  key,
  name,
  kind: 'plan',
  features: {},
  prices,
  trial_days,
  publish: true,
});

const PLANS: readonly CreatePlanRequest[] = [
  plan('starter', 'Starter', price({ key: 'base', model: 'flat', amount: '2900' }), 14),
  plan('team', 'Team', price({ key: 'seats', model: 'per_unit', unit_amount: '1200' }), 14),
  plan('business', 'Business', price({ key: 'seats', model: 'per_unit', unit_amount: '2900' })),
  plan('enterprise', 'Enterprise', price({ key: 'seats', model: 'per_unit', unit_amount: '36000', interval: 'year' })),
  { ...plan('support', 'Priority support', price({ key: 'base', model: 'flat', amount: '9900' })), kind: 'add_on' },
];

/** What is sold. */
export async function sell(tx: Transaction, now: Date): Promise<void> {
  for (const request of PLANS) await createPlan(tx, ORIGIN, request, now);
}
