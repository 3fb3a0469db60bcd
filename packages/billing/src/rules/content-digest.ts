import { createHash } from 'node:crypto';
import type { PlanVersionContent } from '@bastionary/contracts/plans';
import canonicalize from 'canonicalize';

/** What a version grants and costs in 43 characters: the same content, the same digest (SHA-256 of RFC 8785, base64url). */
export function contentDigest({ features, prices, trial_days }: PlanVersionContent): string {
  const bytes = canonicalize({ features, prices, trial_days }) ?? '';
  return createHash('sha256').update(bytes).digest('base64url');
}
