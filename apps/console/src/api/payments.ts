import {
  type CreditNoteListQuery,
  creditNotePage,
  type PaymentListQuery,
  paymentPage,
  type RefundRequest,
  refund,
} from '@bastionary/contracts/invoices';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString } from './http';

type Texts<Query> = { [Name in keyof Query]?: string | number | undefined };
export type PaymentFilter = Texts<PaymentListQuery>;
export type CreditNoteFilter = Texts<CreditNoteListQuery>;

export const paymentKeys = { all: ['payments'] as const };
export const creditNoteKeys = { all: ['credit-notes'] as const };

export const paymentsQuery = (filter: PaymentFilter) =>
  queryOptions({
    queryKey: [...paymentKeys.all, filter],
    queryFn: ({ signal }) =>
      fetchJson(paymentPage, `/api/payments${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const creditNotesQuery = (filter: CreditNoteFilter) =>
  queryOptions({
    queryKey: [...creditNoteKeys.all, filter],
    queryFn: ({ signal }) =>
      fetchJson(creditNotePage, `/api/credit-notes${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const paymentsCsv = (filter: PaymentFilter) => `/api/payments.csv${queryString(filter)}`;
export const creditNotesCsv = (filter: CreditNoteFilter) => `/api/credit-notes.csv${queryString(filter)}`;

export const creditNotePdf = (id: string) => `/api/credit-notes/${encodeURIComponent(id)}/pdf`;

export const refundPayment = (id: string, body: RefundRequest, key: string) =>
  fetchJson(refund, `/api/payments/${encodeURIComponent(id)}/refunds`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key },
  });
