import { List, Text } from '@mantine/core';
import { useState } from 'react';
import { finalizeInvoice } from '../../../api/invoices';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { formatMinor, sumByCurrency } from '../../../ui/money';
import type { InvoiceRow } from '../list/invoice-columns';
import { useInvoiceChange } from '../use-invoice-change';

type Props = { drafts: InvoiceRow[]; onClose: () => void; onFinalized: (id: string) => void };

/** One after the other: each is a transaction of its own, and the first that is refused stops the rest. */
export const FinalizeSelected = ({ drafts, onClose, onFinalized }: Props) => {
  // As they were when it was asked: those that are done leave the list behind.
  const [asked] = useState(drafts);
  const [done, setDone] = useState<readonly string[]>([]);
  const left = asked.filter(({ id }) => !done.includes(id));
  const finalize = useInvoiceChange(
    async () => {
      for (const { id } of left) {
        await finalizeInvoice(id);
        setDone((before) => [...before, id]);
        onFinalized(id);
      }
    },
    asked.length === 1 ? 'One invoice is finalized.' : `${asked.length} invoices are finalized.`,
    onClose,
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={left.length === 1 ? 'Finalize one draft?' : `Finalize ${left.length} drafts?`}
      confirmLabel="Finalize"
      isPending={finalize.isPending}
      error={finalize.error}
      onConfirm={() => finalize.mutate()}
    >
      <Text size="sm">
        {sumByCurrency(left, ({ total }) => total)
          .map(({ currency, sum }) => formatMinor(sum, currency))
          .join(' and ')}{' '}
        in all. Each gets its number and can no longer be changed; what is wrong then is taken back by a credit note.
      </Text>
      {done.length > 0 && (
        <Text size="sm" role="status">
          {done.length} of {asked.length} done.
        </Text>
      )}
      <List size="sm" spacing={4}>
        {left.slice(0, 10).map(({ id, customer_name, total, currency }) => (
          <List.Item key={id}>
            {customer_name}: {formatMinor(total, currency)}
          </List.Item>
        ))}
        {left.length > 10 && <List.Item>and {left.length - 10} more</List.Item>}
      </List>
    </ConfirmDialog>
  );
};
