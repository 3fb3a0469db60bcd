import type { CreateSubscriptionRequest, UpdateSubscriptionRequest } from '@bastionary/contracts/plans';

export type Change = Omit<UpdateSubscriptionRequest, 'at'> & {
  /** A number: days from the present, negative before it. */
  readonly at?: 'period_end' | number;
};

/** What a customer did with its subscription, and how many days ago. */
interface Story {
  readonly customer: string;
  readonly begin: readonly [
    daysAgo: number,
    request: Pick<CreateSubscriptionRequest, 'plan'> &
      Partial<Pick<CreateSubscriptionRequest, 'quantity' | 'trial_days'>> & { readonly startsInDays?: number },
  ];
  readonly later?: readonly (readonly [daysAgo: number, change: Change])[];
}

const seats = (quantity: number) => ({ quantity });
const addOns = (...add_ons: { plan: string; quantity: number }[]) => ({ add_ons });

/** Every state that a subscription can be in, and most ways to get there. */
export const STORIES: readonly Story[] = [
  // Active, having grown.
  {
    customer: 'nordlicht',
    begin: [227, { plan: 'team', quantity: 12 }],
    later: [
      [170, seats(18)],
      [121, { plan: 'business' }],
      [64, addOns({ plan: 'more-calls', quantity: 2 })],
      [20, seats(26)],
    ],
  },
  {
    customer: 'harbour',
    begin: [220, { plan: 'business', quantity: 8, trial_days: 0 }],
    later: [[90, addOns({ plan: 'priority', quantity: 1 })]],
  },
  {
    customer: 'atelier',
    begin: [213, { plan: 'free' }],
    later: [[150, { plan: 'team', quantity: 3 }]],
  },
  {
    customer: 'bluepine',
    begin: [204, { plan: 'enterprise', quantity: 60 }],
    later: [[45, addOns({ plan: 'more-calls', quantity: 5 }, { plan: 'more-storage', quantity: 3 })]],
  },
  {
    customer: 'sakura',
    begin: [196, { plan: 'business', quantity: 15 }],
    later: [[30, seats(21)]],
  },
  // A downgrade that comes with the next period.
  {
    customer: 'alpenrad',
    begin: [189, { plan: 'business', quantity: 10 }],
    later: [[6, { plan: 'team', quantity: 6, at: 'period_end' }]],
  },
  // An upgrade that is agreed for a day to come.
  {
    customer: 'kestrel',
    begin: [181, { plan: 'team', quantity: 9 }],
    later: [[3, { plan: 'business', at: 21 }]],
  },
  // Ends with its period.
  {
    customer: 'lindgren',
    begin: [173, { plan: 'team', quantity: 4 }],
    later: [[5, { cancel: true, at: 'period_end' }]],
  },
  // In grace, and past it.
  {
    customer: 'monsoon',
    begin: [165, { plan: 'business', quantity: 30 }],
    later: [[6, { past_due: true }]],
  },
  {
    customer: 'coral',
    begin: [158, { plan: 'team', quantity: 5 }],
    later: [[33, { past_due: true }]],
  },
  // Paused: until somebody resumes it; and after a pause.
  {
    customer: 'ipe',
    begin: [150, { plan: 'team', quantity: 7 }],
    later: [[17, { pause: true }]],
  },
  {
    customer: 'maple',
    begin: [142, { plan: 'team', quantity: 2 }],
    later: [
      [80, { pause: true }],
      [52, { pause: false }],
    ],
  },
  // A pause that is arranged.
  {
    customer: 'tulipa',
    begin: [134, { plan: 'business', quantity: 5 }],
    later: [[2, { pause: true, at: 12 }]],
  },
  // Over: after a time, and after a trial that did not convince.
  {
    customer: 'sierra',
    begin: [126, { plan: 'team', quantity: 3 }],
    later: [[41, { cancel: true }]],
  },
  {
    customer: 'vistula',
    begin: [117, { plan: 'business', quantity: 4 }],
    later: [[108, { cancel: true, at: -103 }]],
  },
  { customer: 'clover', begin: [108, { plan: 'team', quantity: 6 }], later: [[58, { plan: 'team@2' }]] },
  {
    customer: 'fjord',
    begin: [98, { plan: 'enterprise', quantity: 40 }],
    later: [[26, addOns({ plan: 'priority', quantity: 1 })]],
  },
  { customer: 'savanna', begin: [87, { plan: 'free' }] },
  // Thought better of leaving.
  {
    customer: 'pampa',
    begin: [75, { plan: 'team', quantity: 5 }],
    later: [
      [40, { cancel: true, at: 'period_end' }],
      [34, { cancel: false }],
    ],
  },
  { customer: 'danube', begin: [62, { plan: 'free' }], later: [[29, { plan: 'team', quantity: 2 }]] },
  { customer: 'kiwi', begin: [50, { plan: 'business', quantity: 7 }] },
  { customer: 'prairie', begin: [37, { plan: 'free' }] },
  // In their trial; the last one ends within days.
  { customer: 'lagoon', begin: [10.5, { plan: 'team', quantity: 3 }] },
  { customer: 'aurora', begin: [8, { plan: 'business', quantity: 12 }], later: [[1, seats(15)]] },
  // Signed, and still to begin.
  { customer: 'quartz', begin: [3, { plan: 'team', quantity: 2, startsInDays: 11 }] },
];
