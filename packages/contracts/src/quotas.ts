import { z } from 'zod';
import { featureKey } from './entitlements.js';
import { queryText, text } from './text.js';

export const reserveRequest = z
  .strictObject({
    customer_id: queryText(64),
    feature: featureKey,
    amount: z.int().min(1).max(Number.MAX_SAFE_INTEGER).default(1),
    holder: text(200).optional().describe('Who holds it; a second reservation of one holder is the same'),
    expires_in: z.int().min(1).max(86_400).default(60).describe('Seconds until it returns by itself, unless committed'),
  })
  .meta({ id: 'ReserveRequest' });
export type ReserveRequest = z.infer<typeof reserveRequest>;

export const reservation = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    feature: z.string(),
    amount: z.int(),
    holder: z.string().nullable(),
    state: z.enum(['reserved', 'committed', 'released', 'expired']),
    expires_at: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'Reservation' });
export type Reservation = z.infer<typeof reservation>;

export const quota = z
  .object({
    customer_id: z.string(),
    feature: z.string(),
    limit: z.int().nullable().describe('null: unlimited'),
    used: z.int().describe('Reserved and committed'),
    free: z.int().nullable(),
  })
  .meta({ id: 'Quota' });
export type Quota = z.infer<typeof quota>;
export const quotaParams = z.strictObject({ customer_id: queryText(64), feature: featureKey });
export const reservationParams = z.strictObject({ reservation_id: queryText(64) });
