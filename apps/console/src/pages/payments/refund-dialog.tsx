import type { Payment, RefundRequest } from '@bastionary/contracts/invoices';
import { Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { refundPayment } from '../../api/payments';
import { AmountField } from '../../ui/amount-field';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { decimalOf, formatMinor, parseAmount } from '../../ui/money';
import { useInvoiceChange } from '../invoices/use-invoice-change';
import { AccessChoice } from './access-choice';

type Props = { payment: Payment; onClose: () => void };

export const RefundDialog = ({ payment, onClose }: Props) => {
  const { id, currency, reference, provider, invoice_number: number } = payment;
  const left = BigInt(payment.amount) - BigInt(payment.refunded);
  const [typed, setTyped] = useState(() => decimalOf(left.toString(), currency));
  const [reason, setReason] = useState('');
  const [access, setAccess] = useState<RefundRequest['access']>('suspend');
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [intent, setIntent] = useState(idempotencyKey);
  const pay = useInvoiceChange(
    (body: RefundRequest) => refundPayment(id, body, intent),
    ({ amount, status }) =>
      `${formatMinor(amount, currency)} ${status === 'succeeded' ? 'are paid back.' : 'are on their way back.'}`,
    onClose,
  );
  const faults = { ...(pay.error instanceof ApiError ? pay.error.fieldErrors : {}), ...wrong };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const amount = parseAmount(typed, currency);
    const found: Record<string, string> = {};
    if (amount === null || amount === '0') found.amount = `must be an amount in ${currency}, such as 12.34`;
    else if (BigInt(amount) > left) found.amount = `at most ${formatMinor(left, currency)} are left of it`;
    if (reason.trim() === '') found.reason = 'say why';
    setWrong(found);
    if (amount === null || Object.keys(found).length > 0) return;
    pay.mutate({ amount, reason: reason.trim(), access }, { onError: () => setIntent(idempotencyKey()) });
  };

  return (
    <Dialog opened onClose={onClose} title={`Refund ${reference}?`}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            {provider === 'stripe'
              ? 'Stripe pays it back the way it came.'
              : 'This records that you paid it back; no money moves by it.'}{' '}
            {number &&
              `What invoice ${number} asked for stays, and is open again: to lessen that, issue a credit note.`}
          </Text>
          <AmountField
            label="Amount"
            currency={currency}
            value={typed}
            onChange={setTyped}
            error={faults.amount}
            required
          />
          {number && <AccessChoice value={access} onChange={setAccess} />}
          <TextInput
            label="Reason"
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={faults.reason}
            required
          />
          {pay.error && Object.keys(faults).length === 0 && <ErrorAlert error={pay.error} />}
          <DialogActions onCancel={onClose} isPending={pay.isPending}>
            Refund
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
