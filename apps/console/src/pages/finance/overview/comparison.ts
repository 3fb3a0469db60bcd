import type { Tile } from '@bastionary/contracts/finance';
import { formatAmount, formatDecimal } from '../../../ui/money';

/** `2.50` → `2.5 %` */
export const percentWords = (percent: string) => `${formatDecimal(percent)} %`;

/** How a tile compares with the span before: what it was, and the change in percent where that says something. */
export const comparison = ({ unit, value, before }: Pick<Tile, 'unit' | 'value' | 'before'>, currency: string) => {
  if (before === null) return 'nothing to compare with';
  const shown = unit === 'amount' ? formatAmount(before, currency) : percentWords(before);
  if (unit === 'percent' || value === null) return `before ${shown}`;
  const [was, is] = [BigInt(before), BigInt(value)];
  if (was <= 0n) return `before ${shown}`;
  const tenths = ((is - was) * 1_000n) / was;
  const size = tenths < 0n ? -tenths : tenths;
  const sign = tenths < 0n ? '−' : tenths > 0n ? '+' : '±';
  return `${sign}${size / 10n}.${size % 10n} % · before ${shown}`;
};
