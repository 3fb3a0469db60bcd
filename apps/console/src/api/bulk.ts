import { type BulkFormat, bulkImportResult } from '@bastionary/contracts/bulk';
import { fetchJson } from './http';

const CONTENT_TYPES: Record<BulkFormat, string> = { json: 'application/json', csv: 'text/csv' };

/** Sends the text as it stands: what is wrong with it is for the server to say, with the row. */
export const importClients = (text: string, format: BulkFormat, isDryRun: boolean) =>
  fetchJson(bulkImportResult, `/api/bulk/clients?dry_run=${isDryRun}`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': CONTENT_TYPES[format] },
  });

export const exportAddress = (format: BulkFormat) => `/api/bulk/clients?format=${format}`;
