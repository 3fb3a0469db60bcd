-- CreateTable
CREATE TABLE "mrr_point" (
    "subscription_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "customer_id" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "terms" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mrr_point_pkey" PRIMARY KEY ("subscription_id","at")
);

-- CreateIndex
CREATE INDEX "mrr_point_customer_id_idx" ON "mrr_point"("customer_id");

-- CreateIndex
CREATE INDEX "mrr_point_currency_at_idx" ON "mrr_point"("currency", "at");

-- What Prisma cannot express.

ALTER TABLE "mrr_point" ADD CONSTRAINT "mrr_point_never_negative" CHECK ("amount" >= 0);
-- The house's own numbers: no customer's client reads them.
ALTER TABLE "mrr_point" ENABLE ROW LEVEL SECURITY;
-- What finance asks of documents, by time.
CREATE INDEX "invoice_finalized" ON "invoice" ("currency", "finalized_at") WHERE "finalized_at" IS NOT NULL;
CREATE INDEX "invoice_voided" ON "invoice" ("currency", "voided_at") WHERE "voided_at" IS NOT NULL;
CREATE INDEX "credit_note_issued" ON "credit_note" ("currency", "created_at");
CREATE INDEX "payment_received" ON "payment" ("currency", "received_at");
CREATE INDEX "refund_made" ON "refund" ("currency", "created_at");
