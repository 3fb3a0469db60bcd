import { z } from 'zod';
import { clientMetadataView } from './client-metadata.js';
import { updateClientRequest } from './clients.js';
import { clientId } from './identifiers.js';
import { fieldFault } from './problem.js';

export const bulkFormat = z.enum(['json', 'csv']);
export type BulkFormat = z.infer<typeof bulkFormat>;

export const bulkExportQuery = z.strictObject({ format: bulkFormat.default('json') });
export const bulkImportQuery = z.strictObject({ dry_run: z.stringbool().default(false) });

/** One client of an import. What is left out stays as it is, or gets the default if the client is made. */
export const bulkClient = z
  .strictObject({ client_id: clientId, ...updateClientRequest.shape })
  .refine((row) => !(row.jwks && row.jwks_uri), { error: 'jwks and jwks_uri exclude each other', path: ['jwks_uri'] })
  .meta({ id: 'BulkClient' });
export type BulkClient = z.infer<typeof bulkClient>;

/** Rows are checked one by one, so that all faults of all rows are told at once. */
export const bulkImportRequest = z
  .union([
    z.strictObject({ clients: z.array(z.unknown()).min(1, 'must hold at least one client') }),
    z.string().min(1).describe('text/csv with a header; the columns are the fields of BulkClient'),
  ])
  .meta({ id: 'BulkImportRequest' });
export type BulkImportRequest = z.infer<typeof bulkImportRequest>;

/** A client without its secrets, in the form that an import takes. */
export const bulkClientView = z
  .object({
    client_id: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    expiry: z.string().nullable(),
    status: z.enum(['active', 'suspended']),
    ...clientMetadataView.shape,
  })
  .meta({ id: 'BulkClientView' });
export type BulkClientView = z.infer<typeof bulkClientView>;

export const bulkExport = z.object({ clients: z.array(bulkClientView) }).meta({ id: 'BulkExport' });
export type BulkExport = z.infer<typeof bulkExport>;

export const bulkRowResult = z
  .object({
    row: z.int().describe('From 1; in a CSV the first row after the header'),
    client_id: z.string().nullable(),
    outcome: z.enum(['created', 'updated', 'unchanged', 'failed']),
    changes: z.record(z.string(), z.object({ from: z.unknown(), to: z.unknown() })).optional(),
    errors: z.array(fieldFault).optional(),
    client_secret: z.string().optional().describe('Of a client that was made; only in this answer'),
  })
  .meta({ id: 'BulkRowResult' });
export type BulkRowResult = z.infer<typeof bulkRowResult>;

export const bulkImportResult = z
  .object({
    applied: z.boolean().describe('False for a dry run, and if any row failed: then nothing has changed'),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    failed: z.int(),
    results: z.array(bulkRowResult),
  })
  .meta({ id: 'BulkImportResult' });
export type BulkImportResult = z.infer<typeof bulkImportResult>;
