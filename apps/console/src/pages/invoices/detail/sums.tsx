import type { Invoice } from '@bastionary/contracts/invoices';
import { Amount } from '../../../ui/amount';
import { formatDecimal, formatMinor } from '../../../ui/money';
import classes from './sums.module.css';

type SumProps = { name: string; minor: string; currency: string; isStrong?: boolean };

const Sum = ({ name, minor, currency, isStrong = false }: SumProps) => (
  <div className={isStrong ? `${classes.sum} ${classes.strong}` : classes.sum}>
    <dt>{name}</dt>
    <dd>
      <Amount minor={minor} currency={currency} />
    </dd>
  </div>
);

const negated = (minor: string) => (-BigInt(minor)).toString();

const taxName = ({ name, rate, net, inclusive, note }: Invoice['taxes'][number], currency: string) =>
  [
    `${name ?? 'Tax'}${rate === null ? '' : ` ${formatDecimal(rate)} %`} on ${formatMinor(net, currency)}`,
    inclusive && 'included',
    note,
  ]
    .filter(Boolean)
    .join(', ');

/** From the lines to what is due, tax by tax. */
export const Sums = ({ invoice }: { invoice: Invoice }) => {
  const { currency, subtotal, discount, taxes, total, credits_applied, amount_paid, amount_credited, status } = invoice;
  const taken = [
    ['From the wallet', credits_applied],
    ['Credited', amount_credited],
    ['Paid', amount_paid],
  ] as const;
  return (
    <dl className={classes.sums}>
      <Sum name="Subtotal" minor={subtotal} currency={currency} />
      {discount !== '0' && (
        <Sum name="Discount" minor={BigInt(discount) > 0n ? negated(discount) : discount} currency={currency} />
      )}
      {taxes.map((tax) => (
        <Sum
          key={`${tax.name} ${tax.rate} ${tax.note}`}
          name={taxName(tax, currency)}
          minor={tax.tax}
          currency={currency}
        />
      ))}
      <Sum name="Total" minor={total} currency={currency} isStrong />
      {taken
        .filter(([, minor]) => minor !== '0')
        .map(([name, minor]) => (
          <Sum key={name} name={name} minor={negated(minor)} currency={currency} />
        ))}
      {status !== 'draft' && <Sum name="Due" minor={invoice.amount_due} currency={currency} isStrong />}
    </dl>
  );
};
