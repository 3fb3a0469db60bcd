import {
  type LicensePolicy,
  type LicenseScheme,
  type PolicyTerms,
  policyTerms,
} from '@bastionary/contracts/license-policies';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import { policySummary } from '../rules/policy-summary.js';
import { noSuchPolicy } from './refusals.js';

/** @throws AppError not_found */
export async function getPolicy(db: Reader, id: string) {
  const row = await db.licensePolicy.findUnique({ where: { id } });
  if (row === null) throw noSuchPolicy(id);
  return row;
}

export type PolicyRow = Awaited<ReturnType<typeof getPolicy>>;

/** What a stored policy says: a term that came after it was stored has its default. */
export const termsOf = ({ terms }: Pick<PolicyRow, 'terms'>): PolicyTerms => policyTerms.parse(terms);

/**
 * What it says to one licence. When a licence of a subscription ends, and how long it works on, the subscription alone says:
 * else there would be two times of grace.
 */
export function termsFor<Terms extends PolicyTerms>(terms: Terms, { source }: Sourced): Terms {
  return source === null ? terms : { ...terms, duration: null, grace_duration: null };
}

interface Sourced {
  /** The subscription that issued the licence. */
  readonly source: string | null;
}

/** The same of a stored policy. */
export const termsUnder = (policy: Pick<PolicyRow, 'terms'>, license: Sourced): PolicyTerms =>
  termsFor(termsOf(policy), license);

export interface PolicyFilter {
  readonly limit: number;
  readonly after: { readonly at: Date; readonly id: string } | undefined;
  readonly search: string | undefined;
}

/** Policies, the newest first; one more than asked for if there are more. */
export function listPolicies(db: Reader, { limit, after, search }: PolicyFilter): Promise<PolicyRow[]> {
  const contains = { contains: (search ?? '').replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  return db.licensePolicy.findMany({
    where: {
      AND: [
        search === undefined ? {} : { OR: [{ name: contains }, { id: search.toLowerCase() }, { plan: search }] },
        after === undefined
          ? {}
          : { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] },
      ],
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
}

/** What the licences under a policy may do: all that programs are told of it. */
export interface KnownPolicy extends PolicyTerms {
  readonly id: string;
  readonly name: string;
  readonly product: string;
  readonly scheme: LicenseScheme | null;
}

export const toKnownPolicy = (row: PolicyRow): KnownPolicy => ({
  ...termsOf(row),
  id: row.id,
  name: row.name,
  product: row.productId,
  scheme: row.scheme as LicenseScheme | null,
});

/** Policies as they stand in answers, in the order given. */
export async function toPolicies(db: Reader, rows: readonly PolicyRow[]): Promise<LicensePolicy[]> {
  const counts = await db.license.groupBy({
    by: ['policyId'],
    where: { policyId: { in: rows.map(({ id }) => id) } },
    _count: true,
  });
  const licenses = new Map(counts.map(({ policyId, _count }) => [policyId, _count]));
  return rows.map((row) => {
    const known = toKnownPolicy(row);
    return {
      ...known,
      plan: row.plan,
      summary: policySummary(known),
      licenses: licenses.get(row.id) ?? 0,
      created_at: toInstant(row.createdAt),
      updated_at: toInstant(row.updatedAt),
    };
  });
}
