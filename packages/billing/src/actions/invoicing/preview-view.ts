import type { InvoicePreview } from '@bastionary/contracts/invoices';
import { toInstant } from '@bastionary/contracts/text';
import type { Reader } from '@bastionary/prisma/client';
import type { TaxedLine } from '../../rules/invoicing/lines.js';
import { taxSums } from '../../rules/invoicing/taxes.js';
import { drawCredits } from '../../rules/invoicing/wallet-draw.js';
import type { Span } from '../../rules/periods.js';
import type { Billing } from './billing-facts.js';
import type { Composed } from './compose-drafts.js';
import { openCredits } from './wallet.js';

/** A draft that is not written, as it stands in answers, with what the wallet would pay of it now. */
export async function previewView(
  db: Reader,
  { billing, period, composed }: { billing: Billing; period: Span; composed: Composed },
  now: Date,
): Promise<InvoicePreview> {
  const { currency } = billing.terms;
  const { lines, subtotal, discount, tax, total } = composed;
  const credits = await openCredits(db, [billing.customerId]);
  const own = credits.filter((credit) => credit.currency === currency);
  const applied = drawCredits(own, total, now).reduce((sum, { amount }) => sum + amount, 0n);
  return {
    subscription_id: billing.id,
    customer_id: billing.customerId,
    period: spanView(period),
    currency,
    subtotal: String(subtotal),
    discount: String(discount),
    tax: String(tax),
    total: String(total),
    taxes: taxSums(lines)
      .filter(({ name, rate }) => name !== null || rate !== null)
      .map((sum) => ({ ...sum, net: String(sum.net), tax: String(sum.tax) })),
    lines: lines.map(lineView),
    credits_available: String(applied),
    amount_due: String(total < 0n ? 0n : total - applied),
  };
}

const lineView = ({ tax, taxAmount, ...line }: TaxedLine): InvoicePreview['lines'][number] => ({
  id: null,
  kind: line.kind,
  description: line.description,
  subscription_id: line.subscriptionId,
  plan: line.plan,
  price: line.price,
  quantity: line.quantity,
  period: line.period && spanView(line.period),
  service: line.service && spanView(line.service),
  amount: String(line.amount),
  discount: String(line.discount),
  tax: String(taxAmount),
  tax_rate: tax.rate,
  tax_name: tax.name,
  tax_inclusive: tax.inclusive,
  explanation: line.explanation,
});

const spanView = ({ start, end }: Span) => ({ start: toInstant(start), end: toInstant(end) });
