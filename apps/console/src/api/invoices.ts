import {
  type ComposeInvoiceRequest,
  type CreditNoteRequest,
  creditNote,
  documentVerification,
  type InvoiceListQuery,
  invoice,
  invoiceEvents,
  invoicePage,
  invoicePreview,
  payment,
  type RecordPaymentRequest,
  type UpdateInvoiceRequest,
  type VoidInvoiceRequest,
} from '@bastionary/contracts/invoices';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson, queryString, send } from './http';

type Texts<Query> = { [Name in keyof Query]?: string | number | undefined };
export type InvoiceFilter = Texts<InvoiceListQuery>;

const PATH = '/api/invoices';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export const invoiceKeys = {
  all: ['invoices'] as const,
  one: (id: string) => ['invoices', 'one', id] as const,
};

export const invoicesQuery = (filter: InvoiceFilter) =>
  queryOptions({
    queryKey: [...invoiceKeys.all, 'list', filter],
    queryFn: ({ signal }) => fetchJson(invoicePage, `${PATH}${queryString({ limit: 25, ...filter })}`, { signal }),
    placeholderData: keepPreviousData,
  });

export const invoicesCsv = (filter: InvoiceFilter) => `${PATH}.csv${queryString(filter)}`;

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: invoiceKeys.one(id),
    queryFn: ({ signal }) => fetchJson(invoice, pathOf(id), { signal }),
  });

/** Everything that happened to it. */
export const invoiceEventsQuery = (id: string) =>
  queryOptions({
    queryKey: [...invoiceKeys.one(id), 'events'],
    queryFn: async ({ signal }) => (await fetchJson(invoiceEvents, `${pathOf(id)}/events`, { signal })).data,
  });

export const pdfOf = (id: string) => `${pathOf(id)}/pdf`;

export const finalizeInvoice = (id: string) => fetchJson(invoice, `${pathOf(id)}/finalize`, { method: 'POST' });

export const updateInvoice = (id: string, body: UpdateInvoiceRequest) =>
  fetchJson(invoice, pathOf(id), { method: 'PATCH', body });

export const deleteDraft = (id: string) => send(pathOf(id), { method: 'DELETE' });

export const voidInvoice = (id: string, body: VoidInvoiceRequest) =>
  fetchJson(invoice, `${pathOf(id)}/void`, { method: 'POST', body });

export const markUncollectible = (id: string) => fetchJson(invoice, `${pathOf(id)}/uncollectible`, { method: 'POST' });

export const recordPayment = (id: string, body: RecordPaymentRequest, key: string) =>
  fetchJson(payment, `${pathOf(id)}/payments`, { method: 'POST', body, headers: { 'idempotency-key': key } });

export const issueCreditNote = (id: string, body: CreditNoteRequest, key: string) =>
  fetchJson(creditNote, `${pathOf(id)}/credit-notes`, { method: 'POST', body, headers: { 'idempotency-key': key } });

/** The draft that would be made. Nothing is written; asked anew each time. */
export const invoicePreviewQuery = (body: ComposeInvoiceRequest) =>
  queryOptions({
    queryKey: ['dry-run', `${PATH}/preview`, body],
    queryFn: ({ signal }) => fetchJson(invoicePreview, `${PATH}/preview`, { method: 'POST', body, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const composeInvoice = (body: ComposeInvoiceRequest) => fetchJson(invoice, PATH, { method: 'POST', body });

/** Whether what is stored of a finalized invoice is still what was finalized. Asked when somebody wants to know. */
export const verificationQuery = (id: string) =>
  queryOptions({
    queryKey: [...invoiceKeys.one(id), 'verification'],
    queryFn: ({ signal }) => fetchJson(documentVerification, `${pathOf(id)}/verification`, { signal }),
    gcTime: 0,
    enabled: false,
  });
