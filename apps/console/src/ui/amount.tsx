import classes from './amount.module.css';
import { formatAmount } from './money';

type Props = { minor: string | bigint; currency: string };

/** Money: tabular figures, the currency behind it, never broken over two lines. */
export const Amount = ({ minor, currency }: Props) => (
  <span className={classes.amount}>
    {formatAmount(minor, currency)} <span className={classes.currency}>{currency}</span>
  </span>
);
