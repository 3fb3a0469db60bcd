import { z } from 'zod';
import { currency } from './customers.js';
import { positiveAmount } from './invoices.js';
import { page, pageQuery } from './page.js';
import { instant, queryText, text } from './text.js';

const amount = z.string().describe('In minor units of the currency');

/** Prepaid money of a customer: taken by invoices when they are finalized, lowest priority number first, then by expiry. */
export const createCreditRequest = z
  .strictObject({
    amount: positiveAmount,
    currency,
    reason: text(500),
    expires_at: instant.nullish(),
    priority: z.int().min(0).max(100).default(50).describe('Lower is used first'),
  })
  .meta({ id: 'CreateCreditRequest' });
export type CreateCreditRequest = z.infer<typeof createCreditRequest>;

export const credit = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    amount,
    remaining: amount,
    currency: z.string(),
    reason: z.string(),
    source: z.string().describe('manual, or what made it: credit_note:…'),
    priority: z.int(),
    expires_at: z.string().nullable(),
    state: z.enum(['available', 'used', 'expired', 'void']),
    created_at: z.string(),
  })
  .meta({ id: 'Credit' });
export type Credit = z.infer<typeof credit>;
export const creditPage = page(credit, 'CreditPage');
export type CreditPage = z.infer<typeof creditPage>;

export const wallet = z
  .object({
    customer_id: z.string(),
    customer_name: z.string(),
    currency: z.string(),
    balance: amount,
    expiring: amount.describe('Of it within 30 days'),
    next_expiry: z.string().nullable(),
  })
  .meta({ id: 'Wallet' });
export type Wallet = z.infer<typeof wallet>;
export const walletPage = page(wallet, 'WalletPage');
export type WalletPage = z.infer<typeof walletPage>;

/** Every movement of a wallet: granted, applied to an invoice, given back, expired, taken back. */
export const walletEntry = z
  .object({
    id: z.string(),
    credit_id: z.string(),
    kind: z.enum(['granted', 'applied', 'returned', 'expired', 'voided']),
    amount: amount.describe('Signed: what it did to the balance'),
    currency: z.string(),
    invoice_id: z.string().nullable(),
    at: z.string(),
  })
  .meta({ id: 'WalletEntry' });
export const walletEntryPage = page(walletEntry, 'WalletEntryPage');
export type WalletEntryPage = z.infer<typeof walletEntryPage>;

export const creditParams = z.strictObject({ customer_id: queryText(64), credit_id: queryText(64) });
export const walletListQuery = z.strictObject({ ...pageQuery, currency: currency.optional() });
export type WalletListQuery = z.infer<typeof walletListQuery>;
