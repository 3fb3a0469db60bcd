import type { Invoice } from '@bastionary/contracts/invoices';
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { voidInvoice } from '../../../../api/invoices';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { Consequences } from '../../../../ui/consequences';
import { formatMinor } from '../../../../ui/money';
import { useInvoiceChange } from '../../use-invoice-change';

type Props = { invoice: Invoice; onClose: () => void };

export const VoidDialog = ({ invoice: { id, number, amount_due: due, currency }, onClose }: Props) => {
  const [reason, setReason] = useState('');
  const [isRebilled, setRebilled] = useState(false);
  const given = reason.trim();
  const body = { ...(given && { reason: given }), rebill: isRebilled };
  const change = useInvoiceChange(() => voidInvoice(id, body), 'The invoice is void.', onClose);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Void invoice ${number}?`}
      confirmLabel="Void the invoice"
      isDangerous
      isPending={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
    >
      <Consequences
        of={[
          `${formatMinor(due, currency)} are no longer due. The invoice keeps its number.`,
          isRebilled
            ? 'What it asked for is owed again, and stands on the next invoice.'
            : 'What it asked for is waived: no later invoice asks for it again.',
        ]}
      />
      <TextInput
        label="Reason"
        description="For the audit log"
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        label="Bill it again"
        description="When the invoice was wrong, and what was served is still to be paid"
        checked={isRebilled}
        onChange={(event) => setRebilled(event.currentTarget.checked)}
      />
    </ConfirmDialog>
  );
};
