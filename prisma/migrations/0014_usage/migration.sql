-- Usage events: what was accepted (by month of its time), the names under which it was (for ever), what was not and why.

CREATE TABLE "usage_event_key" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "digest" BYTEA NOT NULL,

    CONSTRAINT "usage_event_key_pkey" PRIMARY KEY ("source","id","owner")
) PARTITION BY HASH ("source", "id");

-- No key of its own: that is the row above, written in the same statement.
CREATE TABLE "usage_event" (
    "customer_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "seq" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "subject" TEXT,
    "client_id" TEXT,
    "sent_by" TEXT NOT NULL,
    "data" JSONB
) PARTITION BY RANGE ("time");

CREATE TABLE "usage_rejection" (
    "xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "seq" INTEGER NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "result" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "customer_id" TEXT,
    "source" TEXT,
    "id" TEXT,
    "type" TEXT,
    "subject" TEXT,
    "time" TIMESTAMPTZ(3),
    "sent_by" TEXT NOT NULL,

    CONSTRAINT "usage_rejection_pkey" PRIMARY KEY ("xid","seq")
);
ALTER TABLE "usage_rejection" ADD CONSTRAINT "usage_rejection_result_known" CHECK ("result" IN ('conflict', 'rejected'));

CREATE INDEX "usage_event_customer_id_type_time_idx" ON "usage_event"("customer_id", "type", "time");

-- A B-tree, not BRIN: rows of one transaction share an entry, so it is about as small, and it also gives the newest first.
CREATE INDEX "usage_event_xid_idx" ON "usage_event"("xid");

CREATE INDEX "usage_rejection_customer_id_xid_idx" ON "usage_rejection"("customer_id", "xid");

CREATE INDEX "usage_rejection_source_id_idx" ON "usage_rejection"("source", "id");

-- A customer's client reads its customer's rows, through these tables only: their partitions it cannot even name.
ALTER TABLE "usage_event_key" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "usage_event_key" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "usage_event" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "usage_event" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "usage_rejection" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "usage_rejection" TO "bastionary_customer" USING ("customer_id" = current_customer());
GRANT SELECT ON "usage_event_key", "usage_event", "usage_rejection" TO "bastionary_customer";

-- The partitions, in a schema of their own. Their owner alone reads them by name; should anybody ever be granted more,
-- they have no policy, and so no row.
CREATE SCHEMA "usage_partitions";

DO $$
BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE "usage_partitions"."key_%s" PARTITION OF "usage_event_key"
      FOR VALUES WITH (MODULUS 16, REMAINDER %s)', to_char(part, 'FM00'), part);
    EXECUTE format('ALTER TABLE "usage_partitions"."key_%s" ENABLE ROW LEVEL SECURITY', to_char(part, 'FM00'));
  END LOOP;
END
$$;

-- Takes what belongs to no month that is there: of long ago, or while no worker ran for months.
CREATE TABLE "usage_partitions"."event_other" PARTITION OF "usage_event" DEFAULT;
ALTER TABLE "usage_partitions"."event_other" ENABLE ROW LEVEL SECURITY;

-- Makes the partition of the month (UTC) of an instant, unless it is there; what the default partition has of that month
-- moves into it. Nobody who writes events of other months waits for it. False if there was nothing to do.
CREATE FUNCTION "make_usage_month"("instant" timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  begins CONSTANT timestamp := date_trunc('month', "instant" AT TIME ZONE 'UTC');
  ends CONSTANT timestamp := begins + interval '1 month';
  part CONSTANT text := 'event_' || to_char(begins, 'YYYY_MM');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('make_usage_month'));
  IF to_regclass('usage_partitions.' || part) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE "usage_partitions".%I (LIKE "usage_event" INCLUDING DEFAULTS)', part);
  EXECUTE format('ALTER TABLE "usage_partitions".%I ENABLE ROW LEVEL SECURITY', part);
  LOCK TABLE ONLY "usage_event" IN SHARE UPDATE EXCLUSIVE MODE;
  LOCK TABLE "usage_partitions"."event_other" IN ACCESS EXCLUSIVE MODE;
  EXECUTE format('WITH moved AS (DELETE FROM "usage_partitions"."event_other" WHERE "time" >= $1 AND "time" < $2 RETURNING *)
    INSERT INTO "usage_partitions".%I SELECT * FROM moved', part) USING begins AT TIME ZONE 'UTC', ends AT TIME ZONE 'UTC';
  EXECUTE format('ALTER TABLE "usage_event" ATTACH PARTITION "usage_partitions".%I FOR VALUES FROM (%L) TO (%L)', part,
    begins::text || '+00', ends::text || '+00');
  RETURN true;
END
$$;

-- A year back and a quarter ahead; the worker goes on from here.
SELECT make_usage_month(now() + make_interval(months => n)) FROM generate_series(-12, 3) AS n;
