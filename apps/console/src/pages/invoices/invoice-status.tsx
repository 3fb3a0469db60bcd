import type { Invoice } from '@bastionary/contracts/invoices';
import { StatusBadge } from '../../ui/status-badge';

type Props = { invoice: Pick<Invoice, 'status' | 'overdue' | 'finalize_at'> };

/** Where it stands; an open one that should have been paid by now is overdue, a draft that waits for somebody held. */
export const InvoiceStatusBadge = ({ invoice: { status, overdue, finalize_at } }: Props) => {
  if (status === 'open' && overdue) return <StatusBadge status="overdue" />;
  if (status === 'draft' && finalize_at === null) return <StatusBadge status="held" />;
  return <StatusBadge status={status} />;
};
