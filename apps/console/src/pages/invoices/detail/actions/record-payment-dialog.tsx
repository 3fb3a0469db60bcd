import type { Invoice, RecordPaymentRequest } from '@bastionary/contracts/invoices';
import { Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../../api/http';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { recordPayment } from '../../../../api/invoices';
import { AmountField } from '../../../../ui/amount-field';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { decimalOf, formatMinor, parseAmount } from '../../../../ui/money';
import { useInvoiceChange } from '../../use-invoice-change';

type Props = { invoice: Invoice; onClose: () => void };

export const RecordPaymentDialog = ({ invoice, onClose }: Props) => {
  const { id, number, amount_due: due, currency } = invoice;
  const [typed, setTyped] = useState(() => decimalOf(due, currency));
  const [reference, setReference] = useState('');
  const [day, setDay] = useState('');
  const [intent, setIntent] = useState(idempotencyKey);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const record = useInvoiceChange(
    (body: RecordPaymentRequest) => recordPayment(id, body, intent),
    ({ amount }) => `${formatMinor(amount, currency)} are recorded.`,
    onClose,
  );
  const faults = { ...(record.error instanceof ApiError ? record.error.fieldErrors : {}), ...wrong };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = parseAmount(typed, currency);
    const given = reference.trim();
    const found: Record<string, string> = {};
    if (amount === null || amount === '0')
      found.amount = `must be an amount in ${currency}, such as ${decimalOf(due, currency)}`;
    if (given === '') found.reference = 'say what the transfer was called';
    setWrong(found);
    if (amount === null || Object.keys(found).length > 0) return;
    const body = {
      amount,
      reference: given,
      ...(day !== '' && { received_at: new Date(`${day}T12:00:00Z`).toISOString() }),
    };
    record.mutate(body, { onError: () => setIntent(idempotencyKey()) });
  };

  return (
    <Dialog opened onClose={onClose} title={`Record a payment of ${number}`}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            Money that arrived elsewhere, by bank transfer for example. {formatMinor(due, currency)} are due.
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
            label="Reference"
            description="Of the transfer. The same reference again is the same payment, and recorded once."
            value={reference}
            maxLength={200}
            onChange={(event) => setReference(event.currentTarget.value)}
            error={faults.reference}
            autoComplete="off"
            required
          />
          <TextInput
            label="Received"
            description="Today, if left empty"
            type="date"
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
            error={faults.received_at}
          />
          {record.error && Object.keys(faults).length === 0 && <ErrorAlert error={record.error} />}
          <DialogActions onCancel={onClose} isPending={record.isPending}>
            Record the payment
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
