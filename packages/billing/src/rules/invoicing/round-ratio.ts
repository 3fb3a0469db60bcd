/** A ratio of whole numbers, rounded to a whole one: half away from zero. @throws RangeError if the denominator is 0 */
export function roundRatio(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('There is no ratio to 0.');
  const isNegative = numerator < 0n !== denominator < 0n;
  const [over, under] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (over * 2n + under) / (under * 2n);
  return isNegative ? -rounded : rounded;
}
