-- AlterTable
ALTER TABLE "client" ADD COLUMN     "customer_id" TEXT;

-- AlterTable
ALTER TABLE "scope" ADD COLUMN     "feature" TEXT;

-- CreateTable
CREATE TABLE "plan" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "plan_version" (
    "plan_key" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "features" JSONB NOT NULL,
    "prices" JSONB NOT NULL,
    "trial_days" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_version_pkey" PRIMARY KEY ("plan_key","version")
);

-- CreateTable
CREATE TABLE "subscription" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "anchor" TIMESTAMPTZ(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "interval" TEXT NOT NULL,
    "interval_count" INTEGER NOT NULL,
    "trial_end" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "canceled_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "past_due_since" TIMESTAMPTZ(3),
    "suspended_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_item" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "plan_key" TEXT NOT NULL,
    "plan_version" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scheduled_change" (
    "id" TEXT NOT NULL,
    "subscription_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "change" JSONB NOT NULL,
    "applied_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scheduled_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "country" TEXT,
    "time_zone" TEXT NOT NULL,
    "tax_id" TEXT,
    "external_id" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'active',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feature" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "combine" TEXT NOT NULL,
    "default_value" JSONB NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "feature_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "entitlement_grant" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "features" JSONB NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),

    CONSTRAINT "entitlement_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "entitlement_override" (
    "customer_id" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "entitlement_override_pkey" PRIMARY KEY ("customer_id","feature")
);

-- CreateTable
CREATE TABLE "entitlement_snapshot" (
    "customer_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "valid_until" TIMESTAMPTZ(3),
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "entitlement_snapshot_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "entitlement_history" (
    "customer_id" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT NOT NULL,

    CONSTRAINT "entitlement_history_pkey" PRIMARY KEY ("customer_id","epoch")
);

-- CreateTable
CREATE TABLE "quota_use" (
    "customer_id" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "used" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "quota_use_pkey" PRIMARY KEY ("customer_id","feature")
);

-- CreateTable
CREATE TABLE "quota_reservation" (
    "id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "holder" TEXT,
    "state" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "quota_reservation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "subscription_customer_id_idx" ON "subscription"("customer_id");

-- CreateIndex
CREATE INDEX "subscription_created_at_id_idx" ON "subscription"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "subscription_item_subscription_id_idx" ON "subscription_item"("subscription_id");

-- CreateIndex
CREATE INDEX "subscription_item_plan_key_plan_version_idx" ON "subscription_item"("plan_key", "plan_version");

-- CreateIndex
CREATE INDEX "scheduled_change_subscription_id_idx" ON "scheduled_change"("subscription_id");

-- CreateIndex
CREATE INDEX "scheduled_change_applied_at_at_idx" ON "scheduled_change"("applied_at", "at");

-- CreateIndex
CREATE UNIQUE INDEX "customer_external_id_key" ON "customer"("external_id");

-- CreateIndex
CREATE INDEX "customer_created_at_id_idx" ON "customer"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "entitlement_grant_customer_id_idx" ON "entitlement_grant"("customer_id");

-- CreateIndex
CREATE INDEX "entitlement_grant_source_idx" ON "entitlement_grant"("source");

-- CreateIndex
CREATE INDEX "entitlement_snapshot_valid_until_idx" ON "entitlement_snapshot"("valid_until");

-- CreateIndex
CREATE INDEX "entitlement_history_customer_id_at_idx" ON "entitlement_history"("customer_id", "at" DESC);

-- CreateIndex
CREATE INDEX "quota_reservation_customer_id_feature_state_idx" ON "quota_reservation"("customer_id", "feature", "state");

-- CreateIndex
CREATE INDEX "quota_reservation_state_expires_at_idx" ON "quota_reservation"("state", "expires_at");

-- CreateIndex
CREATE INDEX "client_customer_id_idx" ON "client"("customer_id");

-- AddForeignKey
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_plan_key_fkey" FOREIGN KEY ("plan_key") REFERENCES "plan"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_change" ADD CONSTRAINT "scheduled_change_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "subscription"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot express.

ALTER TABLE "customer" ADD CONSTRAINT "customer_status_known" CHECK ("status" IN ('active', 'suspended'));
ALTER TABLE "feature" ADD CONSTRAINT "feature_type_known" CHECK ("type" IN ('switch', 'limit', 'value'));
ALTER TABLE "feature" ADD CONSTRAINT "feature_combine_known" CHECK ("combine" IN ('any', 'sum', 'max', 'latest'));
ALTER TABLE "entitlement_grant" ADD CONSTRAINT "entitlement_grant_kind_known" CHECK ("kind" IN ('plan', 'add_on'));
ALTER TABLE "quota_reservation" ADD CONSTRAINT "quota_reservation_state_known"
  CHECK ("state" IN ('reserved', 'committed', 'released', 'expired'));
ALTER TABLE "quota_reservation" ADD CONSTRAINT "quota_reservation_amount" CHECK ("amount" > 0);
ALTER TABLE "quota_use" ADD CONSTRAINT "quota_use_counts" CHECK ("used" >= 0);
ALTER TABLE "plan" ADD CONSTRAINT "plan_kind_known" CHECK ("kind" IN ('plan', 'add_on'));
ALTER TABLE "plan_version" ADD CONSTRAINT "plan_version_status_known" CHECK ("status" IN ('draft', 'published', 'retired'));

-- One reservation per holder: asking twice is the same reservation.
CREATE UNIQUE INDEX "quota_reservation_holder" ON "quota_reservation" ("customer_id", "feature", "holder")
  WHERE "holder" IS NOT NULL AND "state" IN ('reserved', 'committed');

-- The history of what was true is never rewritten.
CREATE TRIGGER "entitlement_history_is_append_only" BEFORE UPDATE OR DELETE ON "entitlement_history"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

-- A published plan version never changes; all it may do is retire.
CREATE FUNCTION "keep_published_plan_version"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR (NEW.features, NEW.prices, NEW.trial_days, NEW.published_at)
      IS DISTINCT FROM (OLD.features, OLD.prices, OLD.trial_days, OLD.published_at) OR NEW.status = 'draft') THEN
    RAISE EXCEPTION 'version % of plan % is published and never changes', OLD.version, OLD.plan_key
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER "plan_version_stays" BEFORE UPDATE OR DELETE ON "plan_version"
  FOR EACH ROW EXECUTE FUNCTION "keep_published_plan_version"();
