import type { ComposeInvoiceRequest } from '@bastionary/contracts/invoices';
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { composeInvoice, invoicePreviewQuery } from '../../api/invoices';
import { Amount } from '../../ui/amount';
import { Choice } from '../../ui/choice';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorAlert } from '../../ui/error-alert';
import { useInvoiceChange } from '../invoices/use-invoice-change';
import classes from './bill-dialog.module.css';

type Period = ComposeInvoiceRequest['period'];
type Props = { subscriptionId: string; onClose: () => void };

const PERIODS = [
  { value: 'current', label: 'The current period', description: 'Its fees, and usage until now.' },
  { value: 'previous', label: 'The period before', description: 'What of it is on no finalized invoice yet.' },
];

/** Makes a draft without waiting for the billing run; what would stand on it is seen before. */
export const BillDialog = ({ subscriptionId, onClose }: Props) => {
  const navigate = useNavigate();
  const [period, setPeriod] = useState<Period>('current');
  const body = { subscription_id: subscriptionId, period };
  const { data, error } = useQuery(invoicePreviewQuery(body));
  const make = useInvoiceChange(
    () => composeInvoice(body),
    'The draft is made.',
    ({ id }) => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: id } }),
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Make a draft invoice?"
      confirmLabel="Make the draft"
      isDisabled={!data || data.lines.length === 0}
      isPending={make.isPending}
      error={make.error}
      onConfirm={() => make.mutate()}
    >
      <Choice label="What it bills" options={PERIODS} value={period} onChange={(next) => setPeriod(next as Period)} />
      {error && <ErrorAlert error={error} />}
      {!data && !error && <Skeleton height={80} aria-busy />}
      {data?.lines.length === 0 && (
        <Text size="sm" role="status">
          Nothing is owed for it that no invoice has.
        </Text>
      )}
      {data && data.lines.length > 0 && (
        <ul className={classes.lines} aria-label="What the draft would hold">
          {data.lines.map(({ description, amount }, index) => (
            <li key={index} className={classes.line}>
              <span>{description}</span>
              <Amount minor={amount} currency={data.currency} />
            </li>
          ))}
          {data.discount !== '0' && (
            <li className={classes.line}>
              <span>Discount</span>
              <Amount minor={(-BigInt(data.discount)).toString()} currency={data.currency} />
            </li>
          )}
          <li className={classes.line}>
            <span>Tax</span>
            <Amount minor={data.tax} currency={data.currency} />
          </li>
          <li className={`${classes.line} ${classes.total}`}>
            <span>Total</span>
            <Amount minor={data.total} currency={data.currency} />
          </li>
        </ul>
      )}
    </ConfirmDialog>
  );
};
