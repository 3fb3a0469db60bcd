import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import { addDuration } from './calendar-duration.js';

type CheckInTerms = Pick<PolicyTerms, 'require_check_in' | 'check_in_interval' | 'check_in_interval_count'>;

const UNITS = { day: 'D', week: 'W', month: 'M', year: 'Y' } as const;

/** By when (inclusive) a licence must check in next; null if it need not. Counts from its last check-in, else its creation. */
export function nextCheckInBy(
  { require_check_in, check_in_interval, check_in_interval_count }: CheckInTerms,
  { lastCheckInAt, createdAt }: { readonly lastCheckInAt: Date | null; readonly createdAt: Date },
): Date | null {
  if (!require_check_in || check_in_interval === null) return null;
  return addDuration(lastCheckInAt ?? createdAt, `P${check_in_interval_count ?? 1}${UNITS[check_in_interval]}`);
}

/** Whether a check-in is overdue. On time up to and including the instant it is due. */
export function isOverdue(
  terms: CheckInTerms,
  times: { readonly lastCheckInAt: Date | null; readonly createdAt: Date },
  now: Date,
): boolean {
  const due = nextCheckInBy(terms, times);
  return due !== null && now > due;
}
