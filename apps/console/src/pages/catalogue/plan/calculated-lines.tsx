import { Amount } from '../../../ui/amount';
import { type CalculatedLine, totals } from './calculate';
import classes from './calculated-lines.module.css';

type Props = { lines: CalculatedLine[]; currency: string };

/** Each price with how it came to its amount, and the sum of those that are billed together. */
export const CalculatedLines = ({ lines, currency }: Props) => (
  <table className={classes.lines} aria-label="Calculated prices">
    <tbody>
      {lines.map(({ price, amount, explanation }) => (
        <tr key={price.key}>
          <th scope="row">
            {price.key}
            <span className={classes.how}>{explanation}</span>
          </th>
          <td>
            <Amount minor={amount} currency={currency} />
          </td>
        </tr>
      ))}
    </tbody>
    <tfoot aria-live="polite">
      {totals(lines).map(({ every, amount }) => (
        <tr key={every}>
          <th scope="row">Total {every}</th>
          <td>
            <Amount minor={amount} currency={currency} />
          </td>
        </tr>
      ))}
    </tfoot>
  </table>
);
