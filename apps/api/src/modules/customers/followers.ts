import type { Follow } from '@bastionary/entitlements/actions/refresh-entitlements';

/** The rooms that change together with a customer's snapshot, in the same transaction. The worker has the same list. */
export const FOLLOWERS: readonly Follow[] = [];
