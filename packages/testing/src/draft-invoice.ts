type Query = (statement: string, values: unknown[]) => Promise<unknown>;

export interface DraftLine {
  amount: bigint | number;
  discount?: bigint | number;
  tax?: bigint | number;
  taxRate?: string | null;
  taxName?: string | null;
  taxInclusive?: boolean;
  description?: string;
}

export interface Draft {
  id: string;
  customerId: string;
  subscriptionId?: string | null;
  currency?: string;
  lines: readonly DraftLine[];
}

/** A draft and its lines as the composing of invoices leaves them, for tests of what becomes of drafts. */
export async function insertDraft(
  query: Query,
  { id, customerId, subscriptionId = null, currency = 'EUR', lines }: Draft,
): Promise<void> {
  await query(
    `INSERT INTO invoice (id, customer_id, subscription_id, scope, status, currency, period_start, period_end, created_at, updated_at)
     VALUES ($1, $2, $3, 'manual', 'draft', $4, '2026-01-01Z', '2026-02-01Z', now(), now())`,
    [id, customerId, subscriptionId, currency],
  );
  const rows = lines.map((line, position) => ({
    id: `lin_${id}_${position}`,
    position,
    description: line.description ?? `Thing ${position + 1}`,
    amount: String(line.amount),
    discount: String(line.discount ?? 0),
    tax: String(line.tax ?? 0),
    tax_rate: line.taxRate ?? null,
    tax_name: line.taxName ?? null,
    tax_inclusive: line.taxInclusive ?? false,
    explanation: { text: 'As agreed', steps: [], exact: String(line.amount), rounded: String(line.amount) },
  }));
  await query(
    `INSERT INTO invoice_line (id, invoice_id, position, kind, description, quantity, amount, discount, tax, tax_rate,
       tax_name, tax_inclusive, explanation)
     SELECT id, $1, position, 'manual', description, 1, amount, discount, tax, tax_rate, tax_name, tax_inclusive, explanation
     FROM json_to_recordset($2::json) AS row(id text, position int, description text, amount bigint, discount bigint,
       tax bigint, tax_rate numeric, tax_name text, tax_inclusive boolean, explanation jsonb)`,
    [id, JSON.stringify(rows)],
  );
}
