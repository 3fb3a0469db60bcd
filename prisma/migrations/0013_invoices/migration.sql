-- CreateTable
CREATE TABLE "invoice" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subscription_id" TEXT,
    "scope" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "finalize_at" TIMESTAMPTZ(3),
    "anomalies" JSONB NOT NULL DEFAULT '[]',
    "subtotal" BIGINT NOT NULL DEFAULT 0,
    "discount" BIGINT NOT NULL DEFAULT 0,
    "tax" BIGINT NOT NULL DEFAULT 0,
    "total" BIGINT NOT NULL DEFAULT 0,
    "series" TEXT,
    "sequence" BIGINT,
    "number" TEXT,
    "finalized_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "document" TEXT,
    "document_hash" TEXT,
    "pdf_hash" TEXT,
    "previous_hash" TEXT,
    "credits_applied" BIGINT NOT NULL DEFAULT 0,
    "amount_paid" BIGINT NOT NULL DEFAULT 0,
    "amount_credited" BIGINT NOT NULL DEFAULT 0,
    "paid_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "rebill" BOOLEAN NOT NULL DEFAULT false,
    "uncollectible_at" TIMESTAMPTZ(3),
    "dunning_step" INTEGER NOT NULL DEFAULT 0,
    "next_dunning_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "invoice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invoice_line" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "subscription_id" TEXT,
    "plan" TEXT,
    "price" TEXT,
    "charge_key" TEXT,
    "description" TEXT NOT NULL,
    "quantity" DECIMAL(38,12) NOT NULL,
    "period_start" TIMESTAMPTZ(3),
    "period_end" TIMESTAMPTZ(3),
    "service_start" TIMESTAMPTZ(3),
    "service_end" TIMESTAMPTZ(3),
    "amount" BIGINT NOT NULL,
    "discount" BIGINT NOT NULL DEFAULT 0,
    "tax" BIGINT NOT NULL DEFAULT 0,
    "tax_rate" DECIMAL(38,12),
    "tax_name" TEXT,
    "tax_inclusive" BOOLEAN NOT NULL DEFAULT false,
    "explanation" JSONB NOT NULL,

    CONSTRAINT "invoice_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_note" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "series" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "number" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "subtotal" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "to_invoice" BIGINT NOT NULL,
    "to_refund" BIGINT NOT NULL,
    "to_wallet" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "document_hash" TEXT NOT NULL,
    "previous_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credit_note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_note_line" (
    "id" TEXT NOT NULL,
    "credit_note_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "invoice_line_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "tax" BIGINT NOT NULL,

    CONSTRAINT "credit_note_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "payment" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "invoice_id" TEXT,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "refunded" BIGINT NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refund" (
    "id" TEXT NOT NULL,
    "payment_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "credit_note_id" TEXT,
    "provider" TEXT NOT NULL,
    "reference" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_transaction" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "customer_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ledger_transaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" BIGSERIAL NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "customer_id" TEXT,
    "invoice_id" TEXT,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "number_series" (
    "series" TEXT NOT NULL,
    "last" BIGINT NOT NULL DEFAULT 0,
    "last_hash" TEXT,

    CONSTRAINT "number_series_pkey" PRIMARY KEY ("series")
);

-- CreateIndex
CREATE INDEX "invoice_customer_id_created_at_id_idx" ON "invoice"("customer_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "invoice_created_at_id_idx" ON "invoice"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "invoice_subscription_id_idx" ON "invoice"("subscription_id");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_series_sequence_key" ON "invoice"("series", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_number_key" ON "invoice"("number");

-- CreateIndex
CREATE INDEX "invoice_line_subscription_id_charge_key_idx" ON "invoice_line"("subscription_id", "charge_key");

-- CreateIndex
CREATE UNIQUE INDEX "invoice_line_invoice_id_position_key" ON "invoice_line"("invoice_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_number_key" ON "credit_note"("number");

-- CreateIndex
CREATE INDEX "credit_note_invoice_id_idx" ON "credit_note"("invoice_id");

-- CreateIndex
CREATE INDEX "credit_note_customer_id_idx" ON "credit_note"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_series_sequence_key" ON "credit_note"("series", "sequence");

-- CreateIndex
CREATE INDEX "credit_note_line_invoice_line_id_idx" ON "credit_note_line"("invoice_line_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_note_line_credit_note_id_position_key" ON "credit_note_line"("credit_note_id", "position");

-- CreateIndex
CREATE INDEX "payment_invoice_id_idx" ON "payment"("invoice_id");

-- CreateIndex
CREATE INDEX "payment_customer_id_idx" ON "payment"("customer_id");

-- CreateIndex
CREATE INDEX "payment_created_at_id_idx" ON "payment"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "payment_provider_reference_idx" ON "payment"("provider", "reference");

-- CreateIndex
CREATE INDEX "refund_payment_id_idx" ON "refund"("payment_id");

-- CreateIndex
CREATE INDEX "refund_customer_id_idx" ON "refund"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "refund_provider_reference_key" ON "refund"("provider", "reference");

-- CreateIndex
CREATE INDEX "ledger_transaction_customer_id_idx" ON "ledger_transaction"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_transaction_kind_source_key" ON "ledger_transaction"("kind", "source");

-- CreateIndex
CREATE INDEX "ledger_entry_transaction_id_idx" ON "ledger_entry"("transaction_id");

-- CreateIndex
CREATE INDEX "ledger_entry_customer_id_account_idx" ON "ledger_entry"("customer_id", "account");

-- CreateIndex
CREATE INDEX "ledger_entry_account_currency_idx" ON "ledger_entry"("account", "currency");

-- AddForeignKey
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credit_note_line" ADD CONSTRAINT "credit_note_line_credit_note_id_fkey" FOREIGN KEY ("credit_note_id") REFERENCES "credit_note"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "payment" ADD CONSTRAINT "payment_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_transaction_id_fkey" FOREIGN KEY ("transaction_id") REFERENCES "ledger_transaction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot express.

ALTER TABLE "invoice"
  ADD CONSTRAINT "invoice_status_known" CHECK ("status" IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
  ADD CONSTRAINT "invoice_scope_known" CHECK ("scope" IN ('cycle', 'period', 'manual')),
  ADD CONSTRAINT "invoice_number_with_status" CHECK (("status" = 'draft') = ("number" IS NULL)),
  ADD CONSTRAINT "invoice_not_overpaid" CHECK (
    "credits_applied" >= 0 AND "amount_paid" >= 0 AND "amount_credited" >= 0);
-- The billing run makes one invoice per subscription and boundary; a request takes up the draft that is there.
CREATE UNIQUE INDEX "invoice_once_per_cycle" ON "invoice" ("subscription_id", "period_start")
  WHERE "scope" = 'cycle' AND "status" <> 'void';
CREATE UNIQUE INDEX "invoice_one_draft_per_period" ON "invoice" ("subscription_id", "period_start")
  WHERE "scope" = 'period' AND "status" = 'draft';
CREATE INDEX "invoice_to_finalize" ON "invoice" ("finalize_at") WHERE "status" = 'draft';
CREATE INDEX "invoice_open" ON "invoice" ("due_at") WHERE "status" = 'open';
CREATE INDEX "invoice_dunning" ON "invoice" ("next_dunning_at") WHERE "next_dunning_at" IS NOT NULL;
ALTER TABLE "invoice_line" ADD CONSTRAINT "invoice_line_kind_known"
  CHECK ("kind" IN ('charge', 'proration', 'adjustment', 'minimum', 'manual'));
ALTER TABLE "credit_note" ADD CONSTRAINT "credit_note_goes_somewhere"
  CHECK ("total" = "to_invoice" + "to_refund" + "to_wallet" AND "total" > 0);
-- The id of a provider is one payment; the reference of a transfer is one per invoice, since one may pay several.
CREATE UNIQUE INDEX "payment_once" ON "payment" ("provider", "reference") WHERE "provider" <> 'manual';
CREATE UNIQUE INDEX "payment_once_per_invoice" ON "payment" ("invoice_id", "reference") WHERE "provider" = 'manual';
ALTER TABLE "payment"
  ADD CONSTRAINT "payment_of_something" CHECK ("amount" > 0),
  ADD CONSTRAINT "payment_not_refunded_twice" CHECK ("refunded" >= 0 AND "refunded" <= "amount");
ALTER TABLE "refund" ADD CONSTRAINT "refund_of_something"
  CHECK ("amount" > 0 AND "status" IN ('pending', 'succeeded', 'failed'));

-- Customers' clients see their finalized documents and payments; the books are the house's.
ALTER TABLE "invoice" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "invoice" TO "bastionary_customer"
  USING ("customer_id" = current_customer() AND "status" <> 'draft');
ALTER TABLE "invoice_line" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "invoice_line" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "invoice" i WHERE i."id" = "invoice_id"));
ALTER TABLE "credit_note" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "credit_note" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "credit_note_line" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "credit_note_line" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "credit_note" c WHERE c."id" = "credit_note_id"));
ALTER TABLE "payment" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "payment" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "refund" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "refund" TO "bastionary_customer" USING ("customer_id" = current_customer());
GRANT SELECT ON "invoice", "invoice_line", "credit_note", "credit_note_line", "payment", "refund" TO "bastionary_customer";
ALTER TABLE "ledger_transaction" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "ledger_entry" ENABLE ROW LEVEL SECURITY;
