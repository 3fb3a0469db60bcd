import type { LineExplanation } from '@bastionary/contracts/invoices';
import { formatDecimal, formatExact } from '../../../../ui/money';

/** One row of the way to an amount: what happened, how, and what it added; null where it added nothing of its own. */
export type StepRow = { what: string; how: string; amount: string | null };

type Step = LineExplanation['steps'][number];

const tierWords = (from: string, upTo: string | null) =>
  upTo === null ? `above ${formatDecimal(from)}` : `above ${formatDecimal(from)} up to ${formatDecimal(upTo)}`;

/** A step of rating in words. Kinds are stored with invoices: one that is not known yet is shown by its name and numbers. */
export const stepRow = (step: Step, currency: string): StepRow => {
  const text = (name: string) => (typeof step[name] === 'string' ? step[name] : '');
  const count = (name: string) => formatDecimal(text(name));
  const money = (name: string) => formatExact(text(name), currency);
  const amount = typeof step.amount === 'string' ? formatExact(step.amount, currency) : null;
  const upTo = typeof step.up_to === 'string' ? step.up_to : null;
  const fixed =
    text('flat_amount') === '' || /^0(\.0+)?$/.test(text('flat_amount')) ? '' : ` + ${money('flat_amount')}`;
  switch (step.kind) {
    case 'flat':
      return { what: 'Flat price', how: '', amount };
    case 'free':
      return { what: 'Free units', how: `${count('quantity')} are not charged`, amount };
    case 'units':
      return { what: 'Units', how: `${count('quantity')} × ${money('unit_amount')}`, amount };
    case 'tier':
      return {
        what: `Tier ${tierWords(text('from'), upTo)}`,
        how: `${count('quantity')} × ${money('unit_amount')}${fixed}`,
        amount,
      };
    case 'packages':
      return {
        what: `Packages of ${count('package_size')}`,
        how: `${count('packages')} begun for ${count('quantity')} units × ${money('unit_amount')}`,
        amount,
      };
    case 'percent':
      return {
        what: upTo === null && /^0?$/.test(text('from')) ? 'Percentage' : `Part ${tierWords(text('from'), upTo)}`,
        how: `${count('percent')} % of ${money('base')}${fixed}`,
        amount,
      };
    case 'events':
      return {
        what: 'Events',
        how: `${count('events')} events, ${count('free_events')} free, × ${money('unit_amount')}`,
        amount,
      };
    case 'minimum':
      return { what: 'Minimum', how: `up to ${money('minimum')} for what was served`, amount };
    default: {
      const rest = Object.entries(step).filter(([name]) => name !== 'kind' && name !== 'amount');
      const how = rest.map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value)}`).join(', ');
      return { what: String(step.kind ?? 'Step').replaceAll('_', ' '), how, amount };
    }
  }
};

/** A part of the nominal period: `15 of 31 days`. */
export const shareWords = ({ numerator, denominator, unit }: NonNullable<LineExplanation['share']>): string => {
  if (unit === 'days') return `${formatDecimal(numerator)} of ${formatDecimal(denominator)} days`;
  const seconds = (milliseconds: string) => {
    const whole = BigInt(milliseconds) / 1_000n;
    const rest = BigInt(milliseconds) % 1_000n;
    return formatDecimal(rest === 0n ? whole.toString() : `${whole}.${rest.toString().padStart(3, '0')}`);
  };
  return `${seconds(numerator)} of ${seconds(denominator)} seconds`;
};
