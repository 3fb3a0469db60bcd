/**
 * Splits an amount in proportion to weights, to the last minor unit: each part gets what it is owed rounded down, and what is
 * left goes one by one to the largest remainders, the first of equals first. The parts add up to the total exactly; those of
 * a negative total are the mirror of the positive one.
 * @param weights 0 or more; a part of weight 0 gets nothing
 * @throws RangeError if a weight is negative, or all are 0 and the total is not
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('A weight must not be negative.');
  const sum = weights.reduce((one, other) => one + other, 0n);
  if (sum === 0n) {
    if (total !== 0n) throw new RangeError(`There is nothing to share ${total} among.`);
    return weights.map(() => 0n);
  }
  if (total < 0n) return allocate(-total, weights).map((part) => -part);
  const parts = weights.map((weight, index) => ({
    index,
    whole: (total * weight) / sum,
    rest: (total * weight) % sum,
  }));
  const left = Number(total - parts.reduce((one, { whole }) => one + whole, 0n));
  const raised = new Set(
    parts
      .toSorted((one, other) => (one.rest === other.rest ? one.index - other.index : one.rest < other.rest ? 1 : -1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return parts.map(({ index, whole }) => (raised.has(index) ? whole + 1n : whole));
}
