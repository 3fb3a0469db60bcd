import type { Coupon } from '@bastionary/contracts/billing-terms';
import { formatDecimal, formatMinor } from '../../ui/money';

type Told = Pick<Coupon, 'percent' | 'amount' | 'currency' | 'duration' | 'periods'>;

/** `20 % off, for 3 billing periods` */
export const couponWords = ({ percent, amount, currency, duration, periods }: Told): string => {
  const off = percent === null ? formatMinor(amount ?? '0', currency ?? 'EUR') : `${formatDecimal(percent)} %`;
  if (duration === 'once') return `${off} off, once`;
  if (duration === 'forever') return `${off} off, for ever`;
  return `${off} off, for ${periods} billing ${periods === 1 ? 'period' : 'periods'}`;
};
