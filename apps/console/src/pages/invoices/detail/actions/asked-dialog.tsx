import type { Invoice } from '@bastionary/contracts/invoices';
import { CreditNoteDialog } from './credit-note-dialog';
import { DeleteDraftDialog } from './delete-draft-dialog';
import type { Asked } from './invoice-actions';
import { RecordPaymentDialog } from './record-payment-dialog';
import { SimpleActDialog } from './simple-act-dialog';
import { VoidDialog } from './void-dialog';

type Props = { asked: Asked; invoice: Invoice; onClose: () => void };

/** The question behind what somebody chose to do. */
export const AskedDialog = ({ asked, ...rest }: Props) => {
  switch (asked) {
    case 'payment':
      return <RecordPaymentDialog {...rest} />;
    case 'credit':
      return <CreditNoteDialog {...rest} />;
    case 'void':
      return <VoidDialog {...rest} />;
    case 'delete':
      return <DeleteDraftDialog {...rest} />;
    default:
      return <SimpleActDialog act={asked} {...rest} />;
  }
};
