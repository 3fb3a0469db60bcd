-- CreateTable
CREATE TABLE "stripe_customer" (
    "customer_id" TEXT NOT NULL,
    "stripe_id" TEXT NOT NULL,
    "payment_method" TEXT,
    "card" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "stripe_customer_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "stripe_checkout" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "attempt_id" TEXT,
    "url" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_checkout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_event" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "about" TEXT,
    "object_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "handled_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "stripe_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_attempt" (
    "id" TEXT NOT NULL,
    "invoice_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "payment_method" TEXT,
    "idempotency_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "payment_intent" TEXT,
    "failure_code" TEXT,
    "failure_message" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_try_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "stripe_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_reconciliation" (
    "id" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "repairs" BOOLEAN NOT NULL,
    "requested_by" TEXT NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_reconciliation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_reconciliation_row" (
    "reconciliation_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "stripe_id" TEXT,
    "payment_intent" TEXT,
    "our_id" TEXT,
    "customer_id" TEXT,
    "invoice_id" TEXT,
    "currency" TEXT,
    "here" BIGINT,
    "there" BIGINT,
    "detail" TEXT NOT NULL,
    "repair" TEXT,
    "repaired_at" TIMESTAMPTZ(3),
    "repaired_by" TEXT,

    CONSTRAINT "stripe_reconciliation_row_pkey" PRIMARY KEY ("reconciliation_id","position")
);

-- CreateIndex
CREATE UNIQUE INDEX "stripe_customer_stripe_id_key" ON "stripe_customer"("stripe_id");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_checkout_attempt_id_key" ON "stripe_checkout"("attempt_id");

-- CreateIndex
CREATE INDEX "stripe_checkout_customer_id_idx" ON "stripe_checkout"("customer_id");

-- CreateIndex
CREATE INDEX "stripe_event_received_at_idx" ON "stripe_event"("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_attempt_idempotency_key_key" ON "stripe_attempt"("idempotency_key");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_attempt_payment_intent_key" ON "stripe_attempt"("payment_intent");

-- CreateIndex
CREATE INDEX "stripe_attempt_customer_id_idx" ON "stripe_attempt"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_attempt_invoice_id_number_key" ON "stripe_attempt"("invoice_id", "number");

-- CreateIndex
CREATE INDEX "stripe_reconciliation_created_at_id_idx" ON "stripe_reconciliation"("created_at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "stripe_reconciliation_row" ADD CONSTRAINT "stripe_reconciliation_row_reconciliation_id_fkey" FOREIGN KEY ("reconciliation_id") REFERENCES "stripe_reconciliation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot express.

ALTER TABLE "stripe_checkout"
  ADD CONSTRAINT "stripe_checkout_mode_known" CHECK ("mode" IN ('setup', 'payment')),
  ADD CONSTRAINT "stripe_checkout_state_known" CHECK ("state" IN ('open', 'complete', 'expired'));
CREATE INDEX "stripe_checkout_open" ON "stripe_checkout" ("expires_at") WHERE "state" = 'open';
CREATE INDEX "stripe_event_to_handle" ON "stripe_event" ("next_try_at") WHERE "handled_at" IS NULL;
ALTER TABLE "stripe_attempt"
  ADD CONSTRAINT "stripe_attempt_kind_known" CHECK ("kind" IN ('off_session', 'checkout')),
  ADD CONSTRAINT "stripe_attempt_state_known" CHECK ("state" IN
    ('planned', 'unknown', 'processing', 'requires_action', 'declined', 'refused', 'succeeded', 'canceled')),
  ADD CONSTRAINT "stripe_attempt_of_something" CHECK ("amount" > 0),
  ADD CONSTRAINT "stripe_attempt_succeeded_with_intent" CHECK ("state" <> 'succeeded' OR "payment_intent" IS NOT NULL);
-- While money may still come of one attempt, no other begins.
CREATE UNIQUE INDEX "stripe_attempt_one_open" ON "stripe_attempt" ("invoice_id")
  WHERE "state" IN ('planned', 'unknown', 'processing', 'requires_action');
CREATE INDEX "stripe_attempt_to_make" ON "stripe_attempt" ("next_try_at") WHERE "next_try_at" IS NOT NULL;
CREATE INDEX "stripe_attempt_open_since" ON "stripe_attempt" ("updated_at")
  WHERE "state" IN ('planned', 'unknown', 'processing', 'requires_action');
ALTER TABLE "stripe_reconciliation" ADD CONSTRAINT "stripe_reconciliation_state_known"
  CHECK ("state" IN ('queued', 'running', 'done', 'failed'));
ALTER TABLE "stripe_reconciliation_row"
  ADD CONSTRAINT "stripe_reconciliation_row_kind_known" CHECK ("kind" IN ('payment', 'refund', 'attempt', 'customer')),
  ADD CONSTRAINT "stripe_reconciliation_row_state_known"
    CHECK ("state" IN ('matched', 'missing_here', 'missing_there', 'differs'));

-- How customers pay is the house's: their clients see none of it.
ALTER TABLE "stripe_customer" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stripe_checkout" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stripe_attempt" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stripe_reconciliation_row" ENABLE ROW LEVEL SECURITY;
