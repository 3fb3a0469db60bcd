import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { queryText } from './text.js';

export const auditRecord = z
  .object({
    seq: z.string().describe('Decimal integer; dense: no number is ever missing'),
    at: z.string(),
    actor: z.string().describe('client:<client_id>, operator:<id> or system:<process>'),
    action: z.string().describe('For example client.created'),
    target: z.string().describe('For example client:my_client_id'),
    request_id: z.string().nullable(),
    address: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecord>;

export const auditQuery = z.strictObject({
  ...pageQuery,
  actor: queryText(200).optional(),
  action: queryText(100).optional(),
  target: queryText(200).optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;
export const auditPage = page(auditRecord, 'AuditPage');
export type AuditPage = z.infer<typeof auditPage>;
