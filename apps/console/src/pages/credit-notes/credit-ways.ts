import type { CreditNote } from '@bastionary/contracts/invoices';
import { formatMinor } from '../../ui/money';

/** Where the money of a credit note went, a line a place. */
export const creditWays = ({ to_invoice, to_wallet, to_refund, currency }: CreditNote): string[] =>
  [
    [to_invoice, 'off what was due'],
    [to_wallet, 'to the wallet'],
    [to_refund, 'paid back'],
  ].flatMap(([minor = '0', words]) => (minor === '0' ? [] : [`${formatMinor(minor, currency)} ${words}`]));
