/** Where a bar begins and how wide it is, in percent of its track with two decimals; what is not nothing can be seen. */
export const barSpan = (from: bigint, to: bigint, low: bigint, high: bigint): { x: string; width: string } => {
  const range = high - low;
  if (range <= 0n) return { x: '0%', width: '0%' };
  const [first, last] = from < to ? [from, to] : [to, from];
  // Only pixels become numbers; money does not.
  const percent = (part: bigint) => Number((part * 10_000n) / range) / 100;
  const width = percent(last - first);
  const seen = first === last ? 0 : Math.max(width, 0.5);
  return { x: `${Math.min(percent(first - low), 100 - seen)}%`, width: `${seen}%` };
};
