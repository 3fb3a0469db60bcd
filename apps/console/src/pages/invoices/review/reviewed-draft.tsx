import { Checkbox, Text } from '@mantine/core';
import { Amount } from '../../../ui/amount';
import { RouterAnchor } from '../../../ui/links';
import { formatAmount } from '../../../ui/money';
import { Time } from '../../../ui/time';
import { InvoiceStatusBadge } from '../invoice-status';
import type { InvoiceRow } from '../list/invoice-columns';
import { Period } from '../period';
import classes from './review-queue.module.css';

type Props = { draft: InvoiceRow; isSelected: boolean; onToggle?: () => void };

/** A draft and in what it differs from the period before. */
export const ReviewedDraft = ({ draft, isSelected, onToggle }: Props) => {
  const { id, customer_name: customer, currency, total, anomalies, period, finalize_at: finalizeAt } = draft;
  return (
    <li className={classes.draft}>
      {onToggle ? (
        <Checkbox aria-label={`Select the draft of ${customer}`} checked={isSelected} onChange={onToggle} />
      ) : (
        <span />
      )}
      <div>
        <RouterAnchor to="/invoices/$invoiceId" params={{ invoiceId: id }} fw={600} size="sm">
          {customer}
        </RouterAnchor>{' '}
        <InvoiceStatusBadge invoice={draft} />
        <Text size="sm" c="dimmed" component="div">
          <Period {...period} />
          {finalizeAt && (
            <>
              {' '}
              · goes out <Time value={finalizeAt} />
            </>
          )}
        </Text>
      </div>
      <Text fw={600} component="div" className={classes.total}>
        <Amount minor={total} currency={currency} />
      </Text>
      <ul className={classes.anomalies} aria-label={`What is unusual about the draft of ${customer}`}>
        {anomalies.map(({ code, detail, before, now }) => (
          <li key={`${code} ${detail}`} className={classes.anomaly}>
            <span>{detail}</span>
            {(before !== null || now !== null) && (
              <span className={classes.change}>
                {before === null ? 'nothing' : formatAmount(before, currency)} →{' '}
                <strong>{now === null ? 'nothing' : formatAmount(now, currency)}</strong> {currency}
              </span>
            )}
          </li>
        ))}
      </ul>
    </li>
  );
};
