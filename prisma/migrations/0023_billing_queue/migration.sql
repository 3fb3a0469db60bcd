-- DropIndex
DROP INDEX "subscription_next_bill_at_idx";

-- CreateIndex
CREATE INDEX "subscription_next_bill_at_id_idx" ON "subscription"("next_bill_at", "id");

-- What Prisma cannot express: the next that are due are read in their order, not sorted out of all.
DROP INDEX "invoice_to_finalize";
CREATE INDEX "invoice_to_finalize" ON "invoice" ("finalize_at", "id") WHERE "status" = 'draft';
