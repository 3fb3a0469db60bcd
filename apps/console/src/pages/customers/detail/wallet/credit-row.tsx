import type { Credit } from '@bastionary/contracts/wallets';
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { usePermission } from '../../../../api/session';
import { voidCredit } from '../../../../api/wallets';
import { Amount } from '../../../../ui/amount';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { formatMinor } from '../../../../ui/money';
import classes from '../../../../ui/row-list.module.css';
import { StatusBadge } from '../../../../ui/status-badge';
import { Time } from '../../../../ui/time';
import { useInvoiceChange } from '../../../invoices/use-invoice-change';

/** What is left of a credit, until when, and a way to take it back. */
export const CreditRow = ({ credit }: { credit: Credit }) => {
  const { id, customer_id, reason, state, remaining, amount, currency, expires_at, created_at } = credit;
  const mayWrite = usePermission('billing:write');
  const [isAsking, setAsking] = useState(false);
  const take = useInvoiceChange(
    () => voidCredit(customer_id, id),
    'What was left of the credit is taken back.',
    () => setAsking(false),
  );
  return (
    <li className={classes.row}>
      <div>
        <Text size="sm" fw={600} component="div">
          {reason} <StatusBadge status={state} />
        </Text>
        <Text size="xs" c="dimmed" component="div">
          given <Time value={created_at} as="date" />
          {expires_at !== null && (
            <>
              {' '}
              · until <Time value={expires_at} as="date" />
            </>
          )}
        </Text>
      </div>
      <div className={classes.amounts}>
        <Text size="sm" fw={600} component="div">
          <Amount minor={remaining} currency={currency} />
        </Text>
        <Text size="xs" c="dimmed">
          of {formatMinor(amount, currency)}
        </Text>
        {mayWrite && state === 'available' && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`Take back: ${reason}`}
            onClick={() => setAsking(true)}
          >
            Take back
          </Button>
        )}
      </div>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title="Take this credit back?"
        confirmLabel="Take it back"
        isDangerous
        isPending={take.isPending}
        error={take.error}
        onConfirm={() => take.mutate()}
      >
        <Text size="sm">{formatMinor(remaining, currency)} leave the wallet. What invoices used of it stays used.</Text>
      </ConfirmDialog>
    </li>
  );
};
