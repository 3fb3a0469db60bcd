import canonicalize from 'canonicalize';

/** The fields of an object that have become others, as an audit record tells them. */
export function differences<Fields extends object>(
  before: Fields,
  after: Fields,
): Record<string, { from: unknown; to: unknown }> {
  const changed = (Object.keys(before) as (keyof Fields & string)[]).filter(
    (key) => canonicalize(before[key]) !== canonicalize(after[key]),
  );
  return Object.fromEntries(changed.map((key) => [key, { from: before[key], to: after[key] }]));
}
