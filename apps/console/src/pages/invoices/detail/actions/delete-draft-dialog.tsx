import type { Invoice } from '@bastionary/contracts/invoices';
import { useNavigate } from '@tanstack/react-router';
import { deleteDraft } from '../../../../api/invoices';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { Consequences } from '../../../../ui/consequences';
import { useInvoiceChange } from '../../use-invoice-change';

type Props = { invoice: Invoice; onClose: () => void };

export const DeleteDraftDialog = ({ invoice, onClose }: Props) => {
  const navigate = useNavigate();
  const remove = useInvoiceChange(
    () => deleteDraft(invoice.id),
    'The draft is deleted.',
    () => void navigate({ to: '/invoices', search: { view: 'drafts' } }),
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Delete this draft?"
      confirmLabel="Delete the draft"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Consequences
        of={['What it asked for stays owed: the next billing run makes a draft of it again.', 'No number is used up.']}
      />
    </ConfirmDialog>
  );
};
