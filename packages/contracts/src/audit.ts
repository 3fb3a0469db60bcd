import { z } from 'zod';
import { page, pageQuery } from './page.js';
import { queryText } from './text.js';

export const auditRecord = z
  .object({
    seq: z.string().describe('Decimal integer; grows, with gaps'),
    at: z.string(),
    actor: z.string().describe('client:<client_id>, operator:<id> or system:<process>'),
    action: z.string().describe('For example client.created'),
    target: z.string().describe('For example client:my_client_id'),
    request_id: z.string().nullable(),
    address: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
    sealed: z
      .object({
        index: z.string().describe('Decimal integer; dense from 1: a missing one shows'),
        chain: z.string().describe('base64url SHA-256 over the chain before and this record'),
      })
      .nullable()
      .describe('Its place in the chain; null in the first moments'),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecord>;

const auditVerificationState = z.enum(['sealed', 'behind', 'broken']);

export const auditVerification = z
  .object({
    state: auditVerificationState.describe(
      'sealed: all in order; behind: a record waits too long for its seal; broken: the log is not what was sealed',
    ),
    fault: z.string().nullable().describe('What is wrong first, if broken'),
    sealed_up_to: z.string().describe('Index of the newest seal, decimal; 0 if there is none'),
    unsealed: z.string().describe('Records that wait for their seal, decimal'),
    oldest_unsealed_seconds: z.number().nullable(),
    last_checkpoint: z
      .object({
        size: z.string().describe('It vouches for the records up to this index'),
        at: z.string(),
        note: z.string().describe('C2SP signed note'),
      })
      .nullable(),
    public_key: z
      .string()
      .nullable()
      .describe('Verifies the checkpoints: name+hash+base64; null if unknown to the api'),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof auditVerification>;

export const auditQuery = z.strictObject({
  ...pageQuery,
  actor: queryText(200).optional(),
  action: queryText(100).optional(),
  target: queryText(200).optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;
export const auditPage = page(auditRecord, 'AuditPage');
export type AuditPage = z.infer<typeof auditPage>;
