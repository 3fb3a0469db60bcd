import { Amount } from './amount';
import { sumByCurrency } from './money';
import classes from './totals.module.css';

type Props<Row> = {
  rows: readonly Row[];
  /** What is added up, by the word it stands under. */
  sums: Record<string, (row: Row) => string>;
  /** Whether there are rows on other pages. */
  isPart: boolean;
};

/** The sums of the rows of a list, one for each currency. */
export const Totals = <Row extends { currency: string }>({ rows, sums, isPart }: Props<Row>) => (
  <dl className={classes.totals}>
    {Object.entries(sums).flatMap(([word, amount]) =>
      sumByCurrency(rows, amount).map(({ currency, sum }) => (
        <div key={`${word} ${currency}`} className={classes.total}>
          <dt>
            {word}
            {isPart && ', this page'}
          </dt>
          <dd>
            <Amount minor={sum} currency={currency} />
          </dd>
        </div>
      )),
    )}
  </dl>
);
