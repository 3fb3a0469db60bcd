import type { ExplainStep } from '@bastionary/contracts/explain';
import { freeOf, mayTake } from './quota.js';

/** Whether one more of a limit may be taken, by the rule that reservations are decided by. @param limit null: no end */
export function explainQuota(
  customerId: string,
  feature: string,
  { limit, used }: { readonly limit: number | null; readonly used: number },
): ExplainStep {
  const most = limit === null ? 'any number' : limit;
  const free = limit === null ? '' : ` and ${freeOf(limit, used)} free`;
  return {
    step: 'quota',
    fact: `Of ${feature} ${most} can be had, ${used} are taken${free}.`,
    id: `${customerId}/${feature}`,
    result: mayTake(limit, used, 1) ? 'allows' : 'denies',
  };
}
