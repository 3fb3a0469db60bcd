import { Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../../api/http';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { grantCredit } from '../../../../api/wallets';
import { AmountField } from '../../../../ui/amount-field';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { formatMinor, parseAmount } from '../../../../ui/money';
import { useInvoiceChange } from '../../../invoices/use-invoice-change';

type Props = { customerId: string; currency: string; onClose: () => void };
type Body = Parameters<typeof grantCredit>[1];

/** Gives a customer prepaid money. */
export const GrantDialog = ({ customerId, currency, onClose }: Props) => {
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [lastDay, setLastDay] = useState('');
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const grant = useInvoiceChange(
    (body: Body) => grantCredit(customerId, body, intent),
    ({ amount }) => `${formatMinor(amount, currency)} are in the wallet.`,
    onClose,
  );
  const faults = { ...(grant.error instanceof ApiError ? grant.error.fieldErrors : {}), ...wrong };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = parseAmount(typed, currency);
    const found: Record<string, string> = {};
    if (amount === null || amount === '0') found.amount = `must be an amount in ${currency}, such as 12.34`;
    if (reason.trim() === '') found.reason = 'say what it is for';
    setWrong(found);
    if (amount === null || Object.keys(found).length > 0) return;
    // The last day is part of it.
    const expires = lastDay === '' ? null : new Date(Date.parse(lastDay) + 86_400_000).toISOString();
    grant.mutate(
      { amount, currency, reason: reason.trim(), expires_at: expires },
      { onError: () => setIntent(idempotencyKey()) },
    );
  };

  return (
    <Dialog opened onClose={onClose} title="Grant a credit">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            The next invoices take it when they are finalized. It is owed to the customer from now on.
          </Text>
          <AmountField
            label="Amount"
            currency={currency}
            value={typed}
            onChange={setTyped}
            error={faults.amount}
            required
          />
          <TextInput
            label="Reason"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={faults.reason}
            required
          />
          <TextInput
            label="Last day"
            description="In UTC; for ever, if left empty"
            type="date"
            value={lastDay}
            onChange={(event) => setLastDay(event.currentTarget.value)}
            error={faults.expires_at}
          />
          {grant.error && Object.keys(faults).length === 0 && <ErrorAlert error={grant.error} />}
          <DialogActions onCancel={onClose} isPending={grant.isPending}>
            Grant the credit
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
