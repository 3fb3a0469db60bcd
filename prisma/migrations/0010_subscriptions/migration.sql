-- AlterTable
ALTER TABLE "subscription" DROP COLUMN "paused_at",
ADD COLUMN     "grace_until" TIMESTAMPTZ(3),
ADD COLUMN     "next_change_at" TIMESTAMPTZ(3),
ADD COLUMN     "paused_from" TIMESTAMPTZ(3),
ADD COLUMN     "paused_until" TIMESTAMPTZ(3),
ADD COLUMN     "settled_at" TIMESTAMPTZ(3) NOT NULL;

-- AlterTable
ALTER TABLE "subscription_item" DROP COLUMN "created_at",
ADD COLUMN     "kind" TEXT NOT NULL,
ADD COLUMN     "since" TIMESTAMPTZ(3) NOT NULL;

-- AlterTable
ALTER TABLE "scheduled_change" ADD COLUMN     "voided_at" TIMESTAMPTZ(3);

-- DropIndex
DROP INDEX "scheduled_change_applied_at_at_idx";

-- CreateIndex
CREATE INDEX "subscription_next_change_at_idx" ON "subscription"("next_change_at");

-- What Prisma cannot express.

ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_kind_known" CHECK ("kind" IN ('plan', 'add_on'));
-- A subscription is on exactly one plan, and on each add-on once.
CREATE UNIQUE INDEX "subscription_item_one_plan" ON "subscription_item" ("subscription_id") WHERE "kind" = 'plan';
CREATE UNIQUE INDEX "subscription_item_once" ON "subscription_item" ("subscription_id", "plan_key");
CREATE INDEX "scheduled_change_pending" ON "scheduled_change" ("subscription_id", "at")
  WHERE "applied_at" IS NULL AND "voided_at" IS NULL;
