-- Records are numbered by an identity, which leaves gaps, and know the transaction that wrote them. Those that exist
-- stay, with this migration as their transaction: the sealer takes them first, in the order of their numbers.
ALTER TABLE "audit_log" ADD COLUMN "txid" xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE "audit_log" ALTER COLUMN "seq" ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('audit_log', 'seq'), max("seq")) FROM "audit_log" HAVING count(*) > 0;

-- DropTable
DROP TABLE "audit_head";

-- CreateTable
CREATE TABLE "audit_leaf" (
    "idx" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "leaf" BYTEA NOT NULL,
    "chain" BYTEA NOT NULL,

    CONSTRAINT "audit_leaf_pkey" PRIMARY KEY ("idx")
);

-- CreateTable
CREATE TABLE "audit_checkpoint" (
    "size" BIGINT NOT NULL,
    "head" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "note" TEXT NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("size")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_leaf_seq_key" ON "audit_leaf"("seq");

-- CreateIndex
CREATE INDEX "audit_log_txid_seq_idx" ON "audit_log"("txid", "seq");

-- AddForeignKey
ALTER TABLE "audit_leaf" ADD CONSTRAINT "audit_leaf_seq_fkey" FOREIGN KEY ("seq") REFERENCES "audit_log"("seq") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- What Prisma cannot express.

ALTER TABLE "audit_leaf" ADD CONSTRAINT "audit_leaf_counts_from_1" CHECK ("idx" > 0);
ALTER TABLE "audit_leaf" ADD CONSTRAINT "audit_leaf_hashes" CHECK (octet_length("leaf") = 32 AND octet_length("chain") = 32);
ALTER TABLE "audit_checkpoint" ADD CONSTRAINT "audit_checkpoint_covers_some" CHECK ("size" > 0);

-- What is sealed and signed stays as it was, as what is recorded does (refuse_change came with 0001).
CREATE TRIGGER "audit_leaf_is_append_only" BEFORE UPDATE OR DELETE ON "audit_leaf" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_leaf_is_never_emptied" BEFORE TRUNCATE ON "audit_leaf" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_checkpoint_is_append_only" BEFORE UPDATE OR DELETE ON "audit_checkpoint" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "audit_checkpoint_is_never_emptied" BEFORE TRUNCATE ON "audit_checkpoint" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
