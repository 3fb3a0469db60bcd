// @ts-check

/** @typedef {import('./bastionary.mjs').Post} Post */

const FEATURES = 30;

/**
 * A customer on a plan with 30 features: switches, limits and values, as many of each.
 * @param {Post} post
 * @returns {Promise<string>} its id
 */
export async function createCustomer(post) {
  /** @type {Record<string, unknown>} */
  const features = {};
  for (let index = 0; index < FEATURES; index++) {
    const { type, value } = kinds[index % kinds.length];
    const key = `${type}-feature-${index}`;
    await post('/api/features', { key, name: `Feature ${index}`, type });
    features[key] = value(index);
  }
  await post('/api/plans', { key: 'everything', name: 'Everything', features, publish: true });
  const { id } = await post('/api/customers', { name: 'Customer', email: 'customer@example.com', currency: 'EUR' });
  await post('/api/subscriptions', { customer_id: id, plan: 'everything' });
  return id;
}

/** @type {{ type: string, value: (index: number) => unknown }[]} */
const kinds = [
  { type: 'switch', value: () => true },
  { type: 'limit', value: (index) => 1_000 * index },
  { type: 'value', value: (index) => `value ${index}` },
];
