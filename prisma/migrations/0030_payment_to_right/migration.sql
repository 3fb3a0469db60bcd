-- AlterTable
ALTER TABLE "license_policy" ADD COLUMN     "issued_up_to" TEXT;

-- AlterTable
ALTER TABLE "refund" ADD COLUMN     "keeps_access" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "subscription" ADD COLUMN     "refunded_at" TIMESTAMPTZ(3);
