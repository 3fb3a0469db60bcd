-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "billed_until" TIMESTAMPTZ(3),
ADD COLUMN     "next_bill_at" TIMESTAMPTZ(3),
ADD COLUMN     "owed_from" TIMESTAMPTZ(3);
-- Who was billed elsewhere until now is not billed again for the time before.
UPDATE "subscription" SET "owed_from" = greatest("start", now()), "billed_until" = now(),
  "next_bill_at" = CASE WHEN least("canceled_at", "cancel_at") <= now() THEN NULL ELSE now() END;

-- CreateTable
CREATE TABLE "item_span" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "anchor" TIMESTAMPTZ(3) NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "item_span_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pause_span" (
    "subscription_id" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "pause_span_pkey" PRIMARY KEY ("subscription_id","from")
);

-- CreateTable
CREATE TABLE "billing_profile" (
    "customer_id" TEXT NOT NULL,
    "tax_status" TEXT NOT NULL DEFAULT 'taxable',
    "tax_rate" TEXT,
    "proration" TEXT NOT NULL DEFAULT 'second',
    "net_days" INTEGER,
    "collection" TEXT NOT NULL DEFAULT 'automatic',
    "address" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "billing_profile_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "tax_rate" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country" TEXT,
    "percent" DECIMAL(38,12) NOT NULL,
    "inclusive" BOOLEAN NOT NULL DEFAULT false,
    "reverse_charge" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "tax_rate_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "coupon" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "percent" DECIMAL(38,12),
    "amount" BIGINT,
    "currency" TEXT,
    "duration" TEXT NOT NULL,
    "periods" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "coupon_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "customer_coupon" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "subscription_id" TEXT,
    "coupon" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "customer_coupon_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "coupon_use" (
    "customer_coupon_id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "coupon_use_pkey" PRIMARY KEY ("customer_coupon_id","invoice_id")
);

-- CreateTable
CREATE TABLE "wallet_credit" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "remaining" BIGINT NOT NULL,
    "reason" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 50,
    "expires_at" TIMESTAMPTZ(3),
    "expired_at" TIMESTAMPTZ(3),
    "voided_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_credit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wallet_entry" (
    "id" TEXT NOT NULL,
    "credit_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "invoice_id" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wallet_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "billing_run" (
    "id" TEXT NOT NULL,
    "horizon" TIMESTAMPTZ(3) NOT NULL,
    "started_by" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "examined" INTEGER NOT NULL DEFAULT 0,
    "drafted" INTEGER NOT NULL DEFAULT 0,
    "finalized" INTEGER NOT NULL DEFAULT 0,
    "rescheduled" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "progress_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "billing_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "item_span_subscription_id_idx" ON "item_span"("subscription_id");

-- CreateIndex
CREATE INDEX "customer_coupon_customer_id_idx" ON "customer_coupon"("customer_id");

-- CreateIndex
CREATE INDEX "coupon_use_invoice_id_idx" ON "coupon_use"("invoice_id");

-- CreateIndex
CREATE INDEX "wallet_credit_customer_id_created_at_id_idx" ON "wallet_credit"("customer_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "wallet_entry_credit_id_idx" ON "wallet_entry"("credit_id");

-- CreateIndex
CREATE INDEX "wallet_entry_invoice_id_idx" ON "wallet_entry"("invoice_id");

-- CreateIndex
CREATE INDEX "wallet_entry_customer_id_at_id_idx" ON "wallet_entry"("customer_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "billing_run_started_at_id_idx" ON "billing_run"("started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "subscription_next_bill_at_idx" ON "subscription"("next_bill_at");

-- AddForeignKey
ALTER TABLE "wallet_entry" ADD CONSTRAINT "wallet_entry_credit_id_fkey" FOREIGN KEY ("credit_id") REFERENCES "wallet_credit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot express.

-- The history begins with what is held now.
INSERT INTO "item_span" ("id", "subscription_id", "plan_key", "plan_version", "kind", "quantity", "anchor", "from")
  SELECT 'isp' || substr(i."id", 4), i."subscription_id", i."plan_key", i."plan_version", i."kind", i."quantity",
    s."anchor", i."since"
  FROM "subscription_item" i JOIN "subscription" s ON s."id" = i."subscription_id";
INSERT INTO "pause_span" ("subscription_id", "from", "until")
  SELECT "id", "paused_from", "paused_until" FROM "subscription" WHERE "paused_from" IS NOT NULL;

ALTER TABLE "item_span"
  ADD CONSTRAINT "item_span_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "item_span_lasts" CHECK ("until" > "from");
CREATE UNIQUE INDEX "item_span_one_open" ON "item_span" ("subscription_id", "plan_key") WHERE "until" IS NULL;
ALTER TABLE "pause_span"
  ADD CONSTRAINT "pause_span_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "billing_profile"
  ADD CONSTRAINT "billing_profile_known" CHECK (
    "tax_status" IN ('taxable', 'exempt') AND "proration" IN ('second', 'day') AND "collection" IN ('automatic', 'manual'));
-- One rate for a country at a time, and one for all others.
CREATE UNIQUE INDEX "tax_rate_of_country" ON "tax_rate" (coalesce("country", '')) WHERE "retired_at" IS NULL;
ALTER TABLE "coupon" ADD CONSTRAINT "coupon_of_something" CHECK (
  ("kind" = 'percent' AND "percent" > 0 AND "percent" <= 100 AND "amount" IS NULL)
  OR ("kind" = 'amount' AND "amount" > 0 AND "currency" IS NOT NULL AND "percent" IS NULL)),
  ADD CONSTRAINT "coupon_lasts" CHECK (
  ("duration" = 'repeating' AND "periods" > 0) OR ("duration" IN ('once', 'forever') AND "periods" IS NULL));
ALTER TABLE "customer_coupon"
  ADD CONSTRAINT "customer_coupon_coupon_fkey" FOREIGN KEY ("coupon") REFERENCES "coupon"("key") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX "customer_coupon_once" ON "customer_coupon" ("customer_id", "coupon", coalesce("subscription_id", ''))
  WHERE "removed_at" IS NULL;
ALTER TABLE "coupon_use"
  ADD CONSTRAINT "coupon_use_invoice_id_fkey" FOREIGN KEY ("invoice_id") REFERENCES "invoice"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  ADD CONSTRAINT "coupon_use_customer_coupon_id_fkey" FOREIGN KEY ("customer_coupon_id") REFERENCES "customer_coupon"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "wallet_credit"
  ADD CONSTRAINT "wallet_credit_within" CHECK ("amount" > 0 AND "remaining" >= 0 AND "remaining" <= "amount");
-- What made a credit makes it once, however often it is told.
CREATE UNIQUE INDEX "wallet_credit_source" ON "wallet_credit" ("source") WHERE "source" <> 'manual';
CREATE INDEX "wallet_credit_available" ON "wallet_credit" ("customer_id", "currency") WHERE "remaining" > 0;
CREATE INDEX "wallet_credit_to_expire" ON "wallet_credit" ("expires_at") WHERE "remaining" > 0;
ALTER TABLE "wallet_entry" ADD CONSTRAINT "wallet_entry_known" CHECK (
  ("kind" IN ('granted', 'returned') AND "amount" > 0) OR ("kind" IN ('applied', 'expired', 'voided') AND "amount" < 0));
ALTER TABLE "billing_run" ADD CONSTRAINT "billing_run_status_known"
  CHECK ("status" IN ('waiting', 'running', 'done', 'failed'));
-- One at a time: whoever asks meanwhile asks for the same.
CREATE UNIQUE INDEX "billing_run_one_at_a_time" ON "billing_run" ((true)) WHERE "status" IN ('waiting', 'running');

-- Of this, customers' clients see their prepaid money.
ALTER TABLE "item_span" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pause_span" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "billing_profile" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "customer_coupon" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "coupon" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "wallet_credit" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "wallet_credit" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "wallet_entry" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "wallet_entry" TO "bastionary_customer" USING ("customer_id" = current_customer());
GRANT SELECT ON "wallet_credit", "wallet_entry" TO "bastionary_customer";
