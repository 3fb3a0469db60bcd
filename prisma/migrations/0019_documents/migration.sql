-- What Prisma cannot express: money documents are immutable once finalized, whoever asks.

-- Of a finalized invoice only what follows from payments, credit notes and time may change, and its status only forward.
CREATE FUNCTION "keep_finalized_invoice"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  follows text[] := ARRAY['status', 'amount_paid', 'amount_credited', 'paid_at', 'voided_at', 'rebill', 'uncollectible_at',
    'dunning_step', 'next_dunning_at', 'pdf_hash', 'updated_at', 'version'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD."status" <> 'draft' THEN
      RAISE EXCEPTION 'invoice % is finalized: it cannot be deleted', OLD."number" USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW."status" <> OLD."status" AND NOT (CASE OLD."status"
    WHEN 'draft' THEN NEW."status" = 'open'
      OR NEW."status" = 'paid' AND NEW."total" <= NEW."credits_applied"
    WHEN 'open' THEN NEW."status" IN ('paid', 'void', 'uncollectible')
    WHEN 'uncollectible' THEN NEW."status" IN ('paid', 'void')
    ELSE false
  END) THEN
    RAISE EXCEPTION 'an invoice that is % cannot become %', OLD."status", NEW."status"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD."status" = 'draft' THEN RETURN NEW; END IF;
  IF to_jsonb(NEW) - follows <> to_jsonb(OLD) - follows THEN
    RAISE EXCEPTION 'invoice % is finalized: it never changes', OLD."number" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW."amount_paid" < OLD."amount_paid" OR NEW."amount_credited" < OLD."amount_credited"
    OR NEW."pdf_hash" IS DISTINCT FROM OLD."pdf_hash" AND OLD."pdf_hash" IS NOT NULL
    OR NEW."rebill" <> OLD."rebill" AND OLD."status" NOT IN ('open', 'uncollectible')
  THEN
    RAISE EXCEPTION 'what happened to invoice % cannot be taken back', OLD."number"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "invoice_stays" BEFORE UPDATE OR DELETE ON "invoice" FOR EACH ROW EXECUTE FUNCTION "keep_finalized_invoice"();
ALTER TABLE "invoice"
  ADD CONSTRAINT "invoice_not_credited_twice" CHECK ("amount_credited" <= greatest("total", 0)),
  ADD CONSTRAINT "invoice_credits_not_beyond_total" CHECK ("credits_applied" <= greatest("total", 0)),
  ADD CONSTRAINT "invoice_finalized_whole" CHECK ("status" = 'draft' OR ("series" IS NOT NULL AND "sequence" IS NOT NULL
    AND "finalized_at" IS NOT NULL AND "due_at" IS NOT NULL AND "document" IS NOT NULL AND "document_hash" IS NOT NULL));

-- Lines change with their draft only. The invoice is locked, so that no line slips in while it is being finalized.
CREATE FUNCTION "keep_finalized_lines"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM "invoice" i WHERE i."id" IN (SELECT "invoice_id" FROM "touched") FOR SHARE;
  IF EXISTS (SELECT FROM "invoice" i WHERE i."id" IN (SELECT "invoice_id" FROM "touched") AND i."status" <> 'draft') THEN
    RAISE EXCEPTION 'the lines of a finalized invoice never change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "invoice_line_stays_on_insert" AFTER INSERT ON "invoice_line" REFERENCING NEW TABLE AS "touched"
  FOR EACH STATEMENT EXECUTE FUNCTION "keep_finalized_lines"();
CREATE TRIGGER "invoice_line_stays_on_update" AFTER UPDATE ON "invoice_line" REFERENCING OLD TABLE AS "touched"
  FOR EACH STATEMENT EXECUTE FUNCTION "keep_finalized_lines"();
CREATE TRIGGER "invoice_line_stays_on_move" AFTER UPDATE ON "invoice_line" REFERENCING NEW TABLE AS "touched"
  FOR EACH STATEMENT EXECUTE FUNCTION "keep_finalized_lines"();
CREATE TRIGGER "invoice_line_stays_on_delete" AFTER DELETE ON "invoice_line" REFERENCING OLD TABLE AS "touched"
  FOR EACH STATEMENT EXECUTE FUNCTION "keep_finalized_lines"();

-- A credit note is written once and whole; the books are only written to.
CREATE TRIGGER "credit_note_stays" BEFORE UPDATE OR DELETE ON "credit_note" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "credit_note_line_stays" BEFORE UPDATE OR DELETE ON "credit_note_line"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "ledger_transaction_stays" BEFORE UPDATE OR DELETE ON "ledger_transaction"
  FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "ledger_entry_stays" BEFORE UPDATE OR DELETE ON "ledger_entry" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

CREATE FUNCTION "credit_note_adds_up"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM "credit_note" c CROSS JOIN (
      SELECT sum("amount") AS "amount", sum("tax") AS "tax" FROM "credit_note_line" WHERE "credit_note_id" = NEW."credit_note_id"
    ) l
    WHERE c."id" = NEW."credit_note_id"
      AND (c."subtotal" <> l."amount" OR c."tax" <> l."tax" OR c."total" <> l."amount" + l."tax")
  ) THEN
    RAISE EXCEPTION 'the lines of credit note % do not add up to it', NEW."credit_note_id"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "credit_note_line_adds_up" AFTER INSERT ON "credit_note_line" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "credit_note_adds_up"();

CREATE FUNCTION "ledger_sums_to_zero"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM "ledger_entry" WHERE "transaction_id" = NEW."transaction_id" GROUP BY "currency" HAVING sum("amount") <> 0
  ) THEN
    RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW."transaction_id"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER "ledger_entry_sums_to_zero" AFTER INSERT ON "ledger_entry" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "ledger_sums_to_zero"();

-- Of a payment only how much of it went back, and once what it was for; of a refund only its outcome and the provider's name.
CREATE FUNCTION "keep_payment"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  follows text[] := CASE WHEN OLD."invoice_id" IS NULL THEN ARRAY['refunded', 'invoice_id'] ELSE ARRAY['refunded'] END;
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - follows <> to_jsonb(OLD) - follows THEN
    RAISE EXCEPTION 'payment % never changes', OLD."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "payment_stays" BEFORE UPDATE OR DELETE ON "payment" FOR EACH ROW EXECUTE FUNCTION "keep_payment"();
CREATE FUNCTION "keep_refund"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  outcome text[] := ARRAY['status', 'reference'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD."status" <> 'pending' OR to_jsonb(NEW) - outcome <> to_jsonb(OLD) - outcome THEN
    RAISE EXCEPTION 'refund % never changes', OLD."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "refund_stays" BEFORE UPDATE OR DELETE ON "refund" FOR EACH ROW EXECUTE FUNCTION "keep_refund"();

-- A number that was given is given.
CREATE FUNCTION "keep_number_series"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW."series" <> OLD."series" OR NEW."last" < OLD."last" THEN
    RAISE EXCEPTION 'number series % only goes forward', OLD."series" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "number_series_goes_forward" BEFORE UPDATE OR DELETE ON "number_series"
  FOR EACH ROW EXECUTE FUNCTION "keep_number_series"();

CREATE TRIGGER "invoice_is_never_emptied" BEFORE TRUNCATE ON "invoice" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "invoice_line_is_never_emptied" BEFORE TRUNCATE ON "invoice_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "credit_note_is_never_emptied" BEFORE TRUNCATE ON "credit_note"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "credit_note_line_is_never_emptied" BEFORE TRUNCATE ON "credit_note_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "payment_is_never_emptied" BEFORE TRUNCATE ON "payment" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "refund_is_never_emptied" BEFORE TRUNCATE ON "refund" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "ledger_transaction_is_never_emptied" BEFORE TRUNCATE ON "ledger_transaction"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "ledger_entry_is_never_emptied" BEFORE TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "number_series_is_never_emptied" BEFORE TRUNCATE ON "number_series"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
