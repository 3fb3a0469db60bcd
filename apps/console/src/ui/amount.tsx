import classes from './amount.module.css';
import { formatAmount } from './money';

type Props = {
  minor: string | bigint;
  currency: string;
  /** Where the currency stands once for all: in a table of many numbers. */
  isBare?: boolean;
};

/** Money: tabular figures, the currency behind it, never broken over two lines. */
export const Amount = ({ minor, currency, isBare = false }: Props) => (
  <span className={classes.amount}>
    {formatAmount(minor, currency)}
    {!isBare && (
      <>
        {' '}
        <span className={classes.currency}>{currency}</span>
      </>
    )}
  </span>
);
