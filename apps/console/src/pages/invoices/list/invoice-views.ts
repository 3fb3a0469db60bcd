import type { InvoiceFilter } from '../../../api/invoices';
import type { InvoiceListSearch, InvoiceView } from './invoice-list-search';

export const VIEW_LABELS: Record<InvoiceView, string> = {
  all: 'All',
  review: 'To review',
  drafts: 'Drafts',
  open: 'Open',
  overdue: 'Overdue',
  paid: 'Paid',
};

const FILTERS: Record<InvoiceView, InvoiceFilter> = {
  all: {},
  review: { status: 'draft', anomalous: 'true' },
  drafts: { status: 'draft' },
  open: { status: 'open' },
  overdue: { status: 'open', overdue: 'true' },
  paid: { status: 'paid' },
};

/** What the list asks the api for: the view, narrowed by the filters beside it. */
export const filterOf = ({ view = 'all', ...filter }: InvoiceListSearch): InvoiceFilter => ({
  ...FILTERS[view],
  ...filter,
});

/** How many whole days a due day is over; null if it is not, or nothing is due. */
export const daysOverdue = (dueAt: string | null, isOverdue: boolean, now: number): number | null =>
  dueAt === null || !isOverdue ? null : Math.max(0, Math.floor((now - Date.parse(dueAt)) / 86_400_000));
