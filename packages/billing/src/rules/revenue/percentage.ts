/** A share in percent with two decimals, half away from zero; null of nothing. Both are whole, and not negative. */
export function percentage(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const hundredths = (part * 20_000n + whole) / (2n * whole);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
}
