-- What Prisma cannot express.

-- What is open of an invoice is asked for each of those that may be.
CREATE INDEX "ledger_entry_receivable" ON "ledger_entry" ("invoice_id") WHERE "account" = 'receivable';
-- What is to be billed again is looked for whenever a subscription is billed, and hardly ever there.
CREATE INDEX "invoice_billed_again" ON "invoice" ("subscription_id") WHERE "status" = 'void' AND "rebill";
