import { expect, test } from '@jest/globals';
import { turnType } from './subscription-event.js';
import type { SubscriptionState } from './subscription-state.js';

test.each<[SubscriptionState, SubscriptionState, string]>([
  ['scheduled', 'trialing', 'started'],
  ['scheduled', 'active', 'started'],
  ['scheduled', 'suspended', 'suspended'],
  ['trialing', 'active', 'trial_ended'],
  ['trialing', 'past_due', 'past_due'],
  ['trialing', 'paused', 'paused'],
  ['trialing', 'canceled', 'canceled'],
  ['active', 'past_due', 'past_due'],
  ['active', 'paused', 'paused'],
  ['active', 'canceled', 'canceled'],
  ['past_due', 'suspended', 'suspended'],
  ['past_due', 'canceled', 'canceled'],
  ['paused', 'active', 'resumed'],
  ['paused', 'trialing', 'resumed'],
  ['paused', 'past_due', 'past_due'],
  ['paused', 'suspended', 'suspended'],
  ['suspended', 'active', 'reinstated'],
  ['suspended', 'canceled', 'canceled'],
])('%s → %s is subscription.%s', (from, to, name) => {
  expect(turnType({ from, to })).toBe(`subscription.${name}`);
});
