import { type Exact, toMinor } from '@bastionary/billing/rules/rating/money';
import type { CreateFeatureRequest } from '@bastionary/contracts/entitlements';
import type { CreateMeterRequest } from '@bastionary/contracts/meters';
import type { CreatePlanRequest, PlanVersionContent } from '@bastionary/contracts/plans';
import type { Interval, Price } from '@bastionary/contracts/prices';

/** What is sold from the first day on. */
export const FEATURES: readonly CreateFeatureRequest[] = [
  { key: 'api_calls', name: 'API calls per month', type: 'limit', combine: 'sum', default: 1_000 },
  { key: 'seats', name: 'Seats', type: 'limit', combine: 'sum', default: 1 },
  { key: 'projects', name: 'Projects', type: 'limit', combine: 'max', default: 1 },
  { key: 'storage_gb', name: 'Storage in GB', type: 'limit', combine: 'sum', default: 1 },
  { key: 'retention_days', name: 'Days of history', type: 'limit', combine: 'max', default: 7 },
  { key: 'sso', name: 'Single sign-on', type: 'switch', description: 'SAML and OpenID Connect' },
  { key: 'audit_export', name: 'Export of the audit log', type: 'switch' },
  { key: 'custom_domain', name: 'Own domain', type: 'switch' },
  { key: 'priority_support', name: 'Priority support', type: 'switch' },
  { key: 'support', name: 'Support', type: 'value', default: { channel: 'community', answer_hours: null } },
];

/** Came later, so that every customer then living has an epoch for it. */
export const DATA_REGION: CreateFeatureRequest = {
  key: 'data_region',
  name: 'Where data is kept',
  type: 'value',
  default: 'eu',
  description: 'A region, or the name of a dedicated cluster',
};

/** What is counted of usage, and paid for by most plans. */
export const METERS: readonly CreateMeterRequest[] = [
  {
    key: 'api-calls',
    name: 'API calls',
    unit: 'calls',
    event_type: 'api.calls',
    aggregation: 'sum',
    property: 'calls',
    group_by: ['region'],
    filters: [],
  },
  {
    key: 'storage',
    name: 'Storage',
    description: 'The most that was kept at once',
    unit: 'GB',
    event_type: 'storage.measured',
    aggregation: 'max',
    property: 'gigabytes',
    group_by: [],
    filters: [],
  },
  {
    key: 'tokens',
    name: 'Tokens of the assistant',
    unit: 'tokens',
    event_type: 'assistant.answered',
    aggregation: 'sum',
    property: 'tokens',
    group_by: ['model'],
    filters: [],
  },
];

const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'AUD', 'CAD', 'JPY', 'INR', 'BRL'] as const;
/** One for each currency, in its order; not in minor units, as people say them. */
type Amounts = readonly [string, string, string, string, string, string, string, string, string, string];

const prices = (model: 'flat' | 'per_unit', interval: Interval, amounts: Amounts): Price[] =>
  CURRENCIES.map((currency, index) => {
    const minor = toMinor(amounts[index] as string, currency).toFixed();
    return {
      key: `${model === 'flat' ? 'base' : 'units'}-${currency.toLowerCase()}`,
      model,
      ...(model === 'flat' ? { amount: minor } : { unit_amount: minor }),
      currency,
      interval,
      interval_count: 1,
      timing: 'in_advance',
    };
  });

const metered = (
  meter: string,
  amounts: Amounts,
  of: (minor: Exact) => Partial<Price> & Pick<Price, 'model'>,
): Price[] =>
  CURRENCIES.map((currency, index) => ({
    key: `${meter}-${currency.toLowerCase()}`,
    ...of(toMinor(amounts[index] as string, currency)),
    meter,
    currency,
    interval: 'month',
    interval_count: 1,
    timing: 'in_arrears',
  }));

/** By the thousand, after so many. */
const calls = (free: string): Price[] =>
  metered('api-calls', ['0.40', '0.44', '0.35', '0.40', '4', '0.65', '0.60', '60', '35', '2.20'], (thousand) => ({
    model: 'package',
    amount: thousand.toFixed(),
    package_size: '1000',
    free_units: free,
  }));
/** By the gigabyte at its peak, after so many. */
const storage = (free: string): Price[] =>
  metered('storage', ['0.05', '0.06', '0.05', '0.05', '0.50', '0.08', '0.07', '8', '4.50', '0.30'], (gigabyte) => ({
    model: 'per_unit',
    unit_amount: gigabyte.toFixed(),
    free_units: free,
  }));
/** Two for a million, less beyond ten millions. */
const tokens: readonly Price[] = metered(
  'tokens',
  ['2', '2.20', '1.80', '2', '22', '3.30', '3', '310', '180', '11'],
  (million) => ({
    model: 'graduated',
    tiers: [
      { up_to: '10000000', unit_amount: million.div(1_000_000).toFixed() },
      { up_to: null, unit_amount: million.times('0.6').div(1_000_000).toFixed() },
    ],
  }),
);

const email = (hours: number) => ({ channel: 'email', answer_hours: hours });
const NOTHING: Amounts = ['0', '0', '0', '0', '0', '0', '0', '0', '0', '0'];

const TEAM_1: PlanVersionContent = {
  features: { api_calls: 5_000, seats: 1, projects: 10, storage_gb: 5, retention_days: 30, support: email(48) },
  prices: [
    ...prices('per_unit', 'month', ['9', '10', '8', '10', '99', '15', '13', '1400', '790', '49']),
    ...calls('50000'),
    ...storage('20'),
  ],
  trial_days: 14,
};
/** The second edition: dearer, with its own domain and more of everything. */
export const TEAM_2: PlanVersionContent = {
  features: { ...TEAM_1.features, api_calls: 8_000, projects: 25, custom_domain: true },
  prices: [
    ...prices('per_unit', 'month', ['11', '12', '10', '12', '119', '18', '16', '1700', '950', '59']),
    ...calls('80000'),
    ...storage('20'),
  ],
  trial_days: 14,
};
const BUSINESS: PlanVersionContent = {
  features: {
    api_calls: 20_000,
    seats: 1,
    projects: 100,
    storage_gb: 20,
    retention_days: 180,
    sso: true,
    audit_export: true,
    custom_domain: true,
    support: email(8),
  },
  prices: [
    ...prices('per_unit', 'month', ['24', '26', '21', '25', '259', '39', '35', '3700', '2100', '129']),
    ...calls('200000'),
    ...storage('100'),
    ...tokens,
  ],
  trial_days: 14,
};
const ENTERPRISE: PlanVersionContent = {
  features: {
    ...BUSINESS.features,
    api_calls: 100_000,
    projects: null,
    storage_gb: 100,
    retention_days: 1_095,
    priority_support: true,
    support: { channel: 'phone', answer_hours: 1 },
  },
  prices: [
    ...prices('per_unit', 'year', ['480', '520', '420', '490', '5200', '790', '700', '74000', '42000', '2600']),
    ...calls('1000000'),
    ...storage('500'),
    ...tokens,
  ],
  trial_days: 0,
};

const plan = (key: string, name: string, description: string, content: PlanVersionContent): CreatePlanRequest => ({
  key,
  name,
  kind: 'plan',
  description,
  ...content,
  publish: true,
});
const addOn = (key: string, name: string, description: string, features: object, amounts: Amounts) => ({
  ...plan(key, name, description, {
    features: { ...features },
    prices: prices('per_unit', 'month', amounts),
    trial_days: 0,
  }),
  kind: 'add_on' as const,
});

export const PLANS: readonly CreatePlanRequest[] = [
  plan('free', 'Free', 'To try it, and for small things', {
    features: { api_calls: 1_000, seats: 2, projects: 2 },
    prices: prices('flat', 'month', NOTHING),
    trial_days: 0,
  }),
  plan('team', 'Team', 'For a team that builds together; per seat', TEAM_1),
  plan('business', 'Business', 'For companies with rules; per seat', BUSINESS),
  plan('enterprise', 'Enterprise', 'By contract, a year at a time; per seat', ENTERPRISE),
  addOn('more-calls', 'More API calls', '50,000 calls more each month', { api_calls: 50_000 }, [
    '20',
    '22',
    '18',
    '21',
    '219',
    '33',
    '30',
    '3100',
    '1800',
    '110',
  ]),
  addOn('more-storage', 'More storage', '100 GB more', { storage_gb: 100 }, [
    '12',
    '13',
    '11',
    '12',
    '129',
    '19',
    '17',
    '1800',
    '1050',
    '65',
  ]),
  addOn(
    'priority',
    'Priority support',
    'An answer within an hour, day and night',
    { priority_support: true, support: { channel: 'phone', answer_hours: 1 } },
    ['250', '270', '215', '255', '2690', '410', '365', '38000', '22000', '1350'],
  ),
];

/** Still being thought about. */
export const SCALE_DRAFT: CreatePlanRequest = {
  ...plan('scale', 'Scale', 'Between Business and Enterprise; not on sale yet', {
    ...BUSINESS,
    features: { ...BUSINESS.features, api_calls: 50_000, retention_days: 365, projects: 500 },
  }),
  publish: false,
};
