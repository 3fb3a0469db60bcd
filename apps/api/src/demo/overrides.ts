import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { toInstant } from '@bastionary/contracts/text';
import { overdueCustomers } from '@bastionary/entitlements/actions/find-entitlements';
import { deleteOverride, setOverride } from '@bastionary/entitlements/actions/overrides';
import { settleEntitlements } from '@bastionary/entitlements/actions/refresh-entitlements';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { DAY_MS, type Episode, idOf, ORIGIN } from './chronicle.js';

interface Exception {
  readonly customer: string;
  readonly feature: string;
  readonly daysAgo: number;
  readonly value: FeatureValue;
  readonly reason: string;
  /** From the present; negative: it is over. */
  readonly expiresInDays?: number;
  readonly takenBackDaysAgo?: number;
}

const EXCEPTIONS: readonly Exception[] = [
  {
    customer: 'atelier',
    feature: 'projects',
    daysAgo: 96,
    value: 40,
    reason: 'Agreed with their founder while Team had ten projects (ticket 1182)',
  },
  {
    customer: 'harbour',
    feature: 'api_calls',
    daysAgo: 60,
    value: 400_000,
    reason: 'Year-end load, promised by sales for one month',
    expiresInDays: -29,
  },
  {
    customer: 'kestrel',
    feature: 'sso',
    daysAgo: 18,
    value: true,
    reason: 'Tries single sign-on before moving to Business',
    expiresInDays: 9,
  },
  {
    customer: 'bluepine',
    feature: 'data_region',
    daysAgo: 44,
    value: 'us-dedicated-2',
    reason: 'Contract 2026-014, annex B: a cluster of their own',
  },
  {
    customer: 'clover',
    feature: 'audit_export',
    daysAgo: 55,
    value: true,
    reason: 'For the yearly audit',
    takenBackDaysAgo: 36,
  },
  {
    customer: 'prairie',
    feature: 'seats',
    daysAgo: 7,
    value: 5,
    reason: 'Co-operative discount: five seats on Free',
    expiresInDays: 176,
  },
];

/** Exceptions for single customers: for good, for a time, over, and taken back. */
export const overrideEpisodes: readonly Episode[] = [
  ...EXCEPTIONS.flatMap(({ customer, feature, daysAgo, value, reason, expiresInDays, takenBackDaysAgo }): Episode[] => [
    {
      daysAgo,
      async happen({ tx, customers, present }, now) {
        const expires_at =
          expiresInDays === undefined ? null : toInstant(new Date(present.getTime() + expiresInDays * DAY_MS));
        const request = { value, reason, expires_at };
        await setOverride(tx, ORIGIN, idOf(customers, customer), feature, request, { now, followers: FOLLOWERS });
      },
    },
    ...(takenBackDaysAgo === undefined
      ? []
      : [
          {
            daysAgo: takenBackDaysAgo,
            happen: ({ tx, customers }, now) =>
              deleteOverride(tx, ORIGIN, idOf(customers, customer), feature, { now, followers: FOLLOWERS }),
          } satisfies Episode,
        ]),
  ]),
  {
    // What ended by itself, each at its own instant.
    daysAgo: 0,
    async happen({ tx, customers }, now) {
      for (const id of await overdueCustomers(tx, now, customers.size)) {
        await settleEntitlements(tx, id, { now, followers: FOLLOWERS });
      }
    },
  },
];
