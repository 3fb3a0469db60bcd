import { z } from 'zod';
import { fetchJson } from './http';

export const bulkResult = z.object({
  applied: z.boolean(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  results: z.array(
    z.object({
      row: z.int(),
      client_id: z.string().nullable(),
      outcome: z.string(),
      errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
      client_secret: z.string().optional(),
    }),
  ),
});
export type BulkResult = z.infer<typeof bulkResult>;

export type BulkFormat = 'json' | 'csv';
const CONTENT_TYPES: Record<BulkFormat, string> = { json: 'application/json', csv: 'text/csv' };

/** Sends the text as it stands: what is wrong with it is for the server to say, with the row. */
export const importClients = (text: string, format: BulkFormat, isDryRun: boolean) =>
  fetchJson(bulkResult, `/api/bulk/clients?dry_run=${isDryRun}`, {
    method: 'POST',
    body: text,
    headers: { 'content-type': CONTENT_TYPES[format] },
  });

export const exportAddress = (format: BulkFormat) => `/api/bulk/clients?format=${format}`;
