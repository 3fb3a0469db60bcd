import type { ManualInvoiceRequest } from '@bastionary/contracts/invoices';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { type Line, totalsOf } from '../../rules/invoicing/lines.js';
import { taxed, taxOf } from '../../rules/invoicing/taxes.js';
import { Exact, roundMinor, toMajor } from '../../rules/rating/money.js';
import { refuse } from '../check-features.js';
import { openCustomer } from '../write-subscription.js';
import { loadTaxRates } from './find-tax-rate.js';
import type { InvoicingSurroundings } from './settings.js';
import { writeDrafts } from './write-drafts.js';

/**
 * Makes a draft of lines that somebody wrote, with the tax of the customer; coupons are for what subscriptions ask for.
 * @returns its id
 * @throws AppError invalid_request (a customer that does not exist, an amount that no document can hold)
 */
export async function createManualInvoice(
  tx: Transaction,
  origin: Origin,
  request: ManualInvoiceRequest,
  surroundings: InvoicingSurroundings,
): Promise<string> {
  const customerId = request.customer_id;
  const customer = await tx.customer.findUnique({ where: { id: customerId } });
  if (customer === null) {
    refuse([{ path: '/customer_id', code: 'unknown_customer', message: 'is no customer of this installation' }]);
    throw new Error('unreachable');
  }
  const { now } = await openCustomer(tx, customerId, surroundings);
  const profile = await tx.billingProfile.findUnique({ where: { customerId } });
  const { country, taxId, currency } = customer;
  const tax = taxOf(
    { country, taxId, isExempt: profile?.taxStatus === 'exempt', rate: profile?.taxRate ?? null },
    await loadTaxRates(tx),
    surroundings.invoicing.sellerCountry,
  );
  const lines = taxed(
    request.lines.map((line, index) => toLine(line, index, currency)),
    tax,
    surroundings.invoicing.taxRounding,
  );
  const [id] = await writeDrafts(
    tx,
    origin,
    [
      {
        id: null,
        customerId,
        subscriptionId: null,
        scope: 'manual',
        currency,
        period: { start: now, end: now },
        finalizeAt: null,
        lines,
        uses: [],
        ...totalsOf(lines),
        anomalies: [],
      },
    ],
    now,
  );
  return id as string;
}

function toLine(
  { description, quantity, unit_amount }: ManualInvoiceRequest['lines'][number],
  index: number,
  currency: string,
): Line {
  const exact = new Exact(quantity).times(unit_amount);
  if (exact.abs().gte('1e18')) {
    const message = 'comes to more than a document can hold: 18 digits of minor units';
    refuse([{ path: `/lines/${index}`, code: 'too_much', message }]);
  }
  const amount = roundMinor(exact);
  return {
    kind: 'manual',
    key: null,
    subscriptionId: null,
    plan: null,
    price: null,
    description,
    quantity: new Exact(quantity).toFixed(),
    period: null,
    service: null,
    amount,
    discount: 0n,
    explanation: {
      text: `${quantity} × ${toMajor(unit_amount, currency)} = ${toMajor(amount.toString(), currency)}`,
      steps: [],
      exact: exact.toFixed(),
      rounded: amount.toString(),
    },
  };
}
