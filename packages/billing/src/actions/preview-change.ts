import type { Entitlements, FeatureType, Preview } from '@bastionary/contracts/entitlements';
import { loadFacts } from '@bastionary/entitlements/actions/facts';
import { gainsAndLosses } from '@bastionary/entitlements/rules/preview';
import { type CustomerFacts, resolve } from '@bastionary/entitlements/rules/resolve';
import type { Transaction } from '@bastionary/prisma/client';

/** Customers and the instants at which they are affected. */
export type Effects = ReadonlyMap<string, Date>;

const CHUNK = 500;

/**
 * What a change means for whom: what each customer would have without it, and what he has after it, at the instant at which
 * it takes effect. The change is made, so that the preview cannot say anything else; the caller rolls it back.
 * @param customerIds all who may be affected
 * @param change returns who is affected when
 * @param most customers that are named; all are counted
 */
export async function previewChange(
  tx: Transaction,
  customerIds: readonly string[],
  change: () => Promise<Effects>,
  most: number,
): Promise<Preview> {
  const before = await factsOf(tx, customerIds);
  const effects = await change();
  const after = await factsOf(tx, [...effects.keys()]);
  const changed = [...effects].flatMap(([id, at]) => {
    const [old, fresh] = [before.get(id), after.get(id)];
    if (old === undefined || fresh === undefined) return [];
    const typeOf = typesOf([...old.features, ...fresh.features]);
    const difference = gainsAndLosses(typeOf, featuresAt(old, at), featuresAt(fresh, at));
    const isSame = Object.keys(difference.gains).length + Object.keys(difference.loses).length === 0;
    return isSame ? [] : [{ customer: id, ...difference }];
  });
  const named = changed.sort((one, other) => (one.customer < other.customer ? -1 : 1)).slice(0, most);
  const customers = await tx.customer.findMany({
    where: { id: { in: named.map(({ customer }) => customer) } },
    select: { id: true, name: true },
  });
  const names = new Map(customers.map(({ id, name }) => [id, name]));
  return {
    customers_changed: changed.length,
    customers: named.map(({ customer, ...difference }) => ({
      customer,
      name: names.get(customer) ?? '',
      ...difference,
    })),
  };
}

/** Every customer, for a change that may reach any of them. */
export async function allCustomers(tx: Transaction): Promise<string[]> {
  return (await tx.customer.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);
}

async function factsOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, CustomerFacts>> {
  const facts = new Map<string, CustomerFacts>();
  for (let begin = 0; begin < ids.length; begin += CHUNK) {
    for (const one of await loadFacts(tx, ids.slice(begin, begin + CHUNK))) facts.set(one.id, one);
  }
  return facts;
}

const featuresAt = (facts: CustomerFacts, at: Date): Entitlements['features'] => resolve(facts, at.getTime()).features;

const typesOf = (features: CustomerFacts['features']): ((key: string) => FeatureType) => {
  const types = new Map(features.map(({ key, type }) => [key, type]));
  return (key) => types.get(key) ?? 'value';
};
