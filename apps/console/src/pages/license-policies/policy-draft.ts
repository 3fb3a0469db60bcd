import {
  type LicenseDuration,
  type LicensePolicy,
  type LimitName,
  licenseLimits,
  type PolicyTerms,
  policyTerms,
} from '@bastionary/contracts/license-policies';
import { policyFaults } from '@bastionary/licensing/rules/policy-faults';
import { type DurationDraft, toDraft, toSeconds } from '../../ui/duration';

export const LIMITS = Object.keys(licenseLimits) as LimitName[];
const GIB = 1_024 ** 3;
const BYTES: readonly LimitName[] = ['max_memory', 'max_disk'];

/** How long a licence lasts: whole days, months or years; or as it was said to the api. An empty amount: for ever. */
export type LastsDraft = { amount: string; unit: 'day' | 'month' | 'year' | 'other' };

/** The terms as they stand in the fields: numbers as they were typed, empty for none. */
type TermsDraft = Omit<
  PolicyTerms,
  LimitName | 'duration' | 'grace_duration' | 'heartbeat_duration' | 'check_in_interval_count' | 'metadata'
> &
  Record<LimitName | 'check_in_interval_count', string> & {
    duration: LastsDraft;
    grace_duration: DurationDraft;
    heartbeat_duration: DurationDraft;
  };

export type PolicyDraft = TermsDraft & {
  name: string;
  product: string;
  /** Empty: issued by hand. */
  plan: string;
  /** Empty: random keys. */
  scheme: string;
};

const DAY = 86_400;

const toLasts = (duration: LicenseDuration | null): LastsDraft => {
  if (duration === null) return { amount: '', unit: 'year' };
  if (typeof duration === 'number') {
    return duration % DAY === 0
      ? { amount: String(duration / DAY), unit: 'day' }
      : { amount: String(duration), unit: 'other' };
  }
  const [, amount, letter] = /^P(\d+)([MY])$/.exec(duration) ?? [];
  if (amount === undefined) return { amount: duration, unit: 'other' };
  return { amount, unit: letter === 'M' ? 'month' : 'year' };
};

const fromLasts = ({ amount, unit }: LastsDraft): unknown => {
  const typed = amount.trim();
  if (typed === '') return null;
  if (unit === 'other') return /^\d+$/.test(typed) ? Number(typed) : typed;
  if (!/^\d+$/.test(typed)) return typed;
  return unit === 'day' ? Number(typed) * DAY : `P${typed}${unit === 'month' ? 'M' : 'Y'}`;
};

const typedLimit = (name: LimitName, value: number | null): string => {
  if (value === null) return '';
  return String(BYTES.includes(name) ? value / GIB : value);
};

/** A limit as a number; null for none, NaN for what is no number. */
export const limitFrom = (name: LimitName, typed: string): number | null => {
  const words = typed.trim().replace(',', '.');
  if (words === '') return null;
  return BYTES.includes(name) ? Math.round(Number(words) * GIB) : Number(words);
};

export const limitDrafts = (limits: Record<LimitName, number | null>): Record<LimitName, string> =>
  Object.fromEntries(LIMITS.map((name) => [name, typedLimit(name, limits[name])])) as Record<LimitName, string>;

export const toPolicyDraft = (
  { metadata: _, ...terms }: PolicyTerms,
  identity: Partial<Pick<LicensePolicy, 'name' | 'product' | 'plan' | 'scheme'>> = {},
): PolicyDraft => ({
  // Only what the terms name: an answer of the api says more.
  ...(Object.fromEntries(
    Object.keys(terms)
      .filter((name) => name in policyTerms.shape)
      .map((name) => [name, terms[name as keyof typeof terms]]),
  ) as typeof terms),
  ...limitDrafts(terms),
  duration: toLasts(terms.duration),
  grace_duration: toDraft(terms.grace_duration || null, 'day'),
  heartbeat_duration: toDraft(terms.heartbeat_duration),
  check_in_interval_count: String(terms.check_in_interval_count ?? ''),
  name: identity.name ?? '',
  product: identity.product ?? '',
  plan: identity.plan ?? '',
  scheme: identity.scheme ?? '',
});

export const emptyPolicy = (): PolicyDraft => ({
  ...toPolicyDraft(policyTerms.parse({ max_machines: 1, strict: true })),
  scheme: 'ED25519_SIGN',
  authentication_strategy: 'LICENSE',
});

/** What the fields say, and what is wrong with it, by the name of the field: what cannot be, and what contradicts itself. */
export function readTerms(draft: PolicyDraft): { terms: PolicyTerms | null; faults: Record<string, string> } {
  const { name: _name, product: _product, plan: _plan, scheme: _scheme, ...terms } = draft;
  const read = policyTerms.safeParse({
    ...terms,
    ...Object.fromEntries(LIMITS.map((limit) => [limit, limitFrom(limit, draft[limit])])),
    duration: fromLasts(draft.duration),
    grace_duration: toSeconds(draft.grace_duration),
    heartbeat_duration: toSeconds(draft.heartbeat_duration),
    check_in_interval: draft.require_check_in ? draft.check_in_interval : null,
    check_in_interval_count:
      draft.require_check_in && draft.check_in_interval_count.trim() !== ''
        ? Number(draft.check_in_interval_count)
        : null,
  });
  if (!read.success) {
    return {
      terms: null,
      faults: Object.fromEntries(
        read.error.issues.toReversed().map(({ path, message }) => [String(path[0]), wordsOf(message)]),
      ),
    };
  }
  const faults = policyFaults(read.data).map(({ path, message }) => [path.slice(1), message] as const);
  return { terms: read.data, faults: Object.fromEntries(faults.toReversed()) };
}

const wordsOf = (message: string): string => {
  const [, bound, number] = /(>=|<=)(\d+)$/.exec(message) ?? [];
  if (number !== undefined) return `must be ${number} at ${bound === '>=' ? 'least' : 'most'}`;
  return message.startsWith('Invalid input') ? 'must be a whole number' : message;
};
