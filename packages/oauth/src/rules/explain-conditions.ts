import type { RateLimit, TokenQuota } from '@bastionary/contracts/client-metadata';
import type { ExplainStep } from '@bastionary/contracts/explain';

/** What a request for a token depends on besides who the client is: where it comes from, how, and how often. */
export interface Conditions {
  readonly clientId: string;
  readonly isDpopRequired: boolean;
  readonly allowedAddresses: readonly string[];
  readonly rateLimit: RateLimit | null;
  readonly tokenQuota: TokenQuota | null;
  /** Tokens of this UTC hour and day that are written down; null at another instant than now. */
  readonly issued: { readonly hour: number; readonly day: number } | null;
}

/** They decide about single requests, so here they inform: a client that may have a token can still be told to wait. */
export function explainConditions(conditions: Conditions): ExplainStep[] {
  const { clientId: id, isDpopRequired, allowedAddresses, rateLimit, tokenQuota, issued } = conditions;
  const step = (what: string, fact: string): ExplainStep => ({ step: what, fact, id, result: 'informs' });
  const steps: ExplainStep[] = [];
  if (isDpopRequired) steps.push(step('dpop', 'Its requests must carry a DPoP proof.'));
  if (allowedAddresses.length > 0) {
    steps.push(step('address', `Its requests must come from ${allowedAddresses.join(', ')}.`));
  }
  if (rateLimit !== null) {
    const { requests, per_seconds: seconds } = rateLimit;
    steps.push(step('rate_limit', `It may send ${requests} requests in ${seconds} s; more are told to wait.`));
  }
  if (tokenQuota !== null) steps.push(step('token_quota', quotaFact(tokenQuota, issued)));
  return steps;
}

function quotaFact({ per_hour, per_day, enforce }: TokenQuota, issued: Conditions['issued']): string {
  const windows = [
    { name: 'hour', most: per_hour, count: issued?.hour },
    { name: 'day', most: per_day, count: issued?.day },
  ].filter(({ most }) => most !== null);
  const told = windows.map(({ name, most, count }) =>
    count === undefined
      ? `${most} tokens per ${name}`
      : `${most} tokens per ${name}, of which ${count} are written down`,
  );
  const beyond = enforce ? 'Beyond that its requests wait for the next one' : 'More are only counted';
  return `It may have ${told.join(' and ')}. ${beyond}.`;
}
