-- CreateTable
CREATE TABLE "meter" (
    "key" TEXT NOT NULL,
    "number" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "unit" TEXT,
    "event_type" TEXT NOT NULL,
    "aggregation" TEXT NOT NULL,
    "property" TEXT,
    "group_by" TEXT[],
    "filters" JSONB NOT NULL DEFAULT '[]',
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "live_from" BIGINT,
    "backfill_customer" TEXT NOT NULL DEFAULT '',
    "backfill_time" TIMESTAMPTZ(3),
    "backfilled" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "meter_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "usage_fold" (
    "id" INTEGER NOT NULL,
    "xid" BIGINT NOT NULL,
    "folded_at" TIMESTAMPTZ(3) NOT NULL,
    "checked_at" TIMESTAMPTZ(3),
    "checked" INTEGER NOT NULL DEFAULT 0,
    "differing" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "usage_fold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_rollup" (
    "meter" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "resolution" SMALLINT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "dimensions" TEXT NOT NULL,
    "events" BIGINT NOT NULL,
    "total" DECIMAL,
    "highest" DECIMAL,
    "latest_at" TIMESTAMPTZ(3),
    "latest_source" TEXT,
    "latest_id" TEXT,
    "latest" DECIMAL,

    CONSTRAINT "usage_rollup_pkey" PRIMARY KEY ("meter","customer_id","resolution","start","dimensions")
);

-- CreateTable
CREATE TABLE "usage_key" (
    "meter" INTEGER NOT NULL,
    "customer_id" TEXT NOT NULL,
    "resolution" SMALLINT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "dimensions" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_key_pkey" PRIMARY KEY ("meter","customer_id","resolution","start","dimensions","digest")
);

-- CreateTable
CREATE TABLE "usage_threshold" (
    "id" TEXT NOT NULL,
    "meter_key" TEXT NOT NULL,
    "customer_id" TEXT,
    "window_kind" TEXT NOT NULL,
    "value" DECIMAL(38,12) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "checked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "usage_threshold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_threshold_reached" (
    "threshold_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "start" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_threshold_reached_pkey" PRIMARY KEY ("threshold_id","customer_id","start")
);

-- CreateIndex
CREATE UNIQUE INDEX "meter_number_key" ON "meter"("number");

-- CreateIndex
CREATE INDEX "meter_event_type_idx" ON "meter"("event_type");

-- CreateIndex
CREATE INDEX "usage_threshold_meter_key_idx" ON "usage_threshold"("meter_key");

-- AddForeignKey
ALTER TABLE "usage_threshold_reached" ADD CONSTRAINT "usage_threshold_reached_threshold_id_fkey" FOREIGN KEY ("threshold_id") REFERENCES "usage_threshold"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot express.

ALTER TABLE "meter"
  ADD CONSTRAINT "meter_aggregation_known" CHECK ("aggregation" IN ('count', 'sum', 'max', 'unique', 'latest')),
  ADD CONSTRAINT "meter_property_with_aggregation" CHECK (("aggregation" = 'count') = ("property" IS NULL));
ALTER TABLE "usage_rollup" ADD CONSTRAINT "usage_rollup_resolution_known" CHECK ("resolution" IN (1, 60, 1440));
ALTER TABLE "usage_key" ADD CONSTRAINT "usage_key_resolution_known" CHECK ("resolution" IN (60, 1440));
ALTER TABLE "usage_threshold"
  ADD CONSTRAINT "usage_threshold_window_known" CHECK ("window_kind" IN ('period', 'day', 'month'));

-- What a meter counts stays what it was: rollups and invoices were made of it.
CREATE FUNCTION "keep_meter"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'meter % counts for ever what it was made to count', OLD."key" USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER "keep_meter" BEFORE UPDATE ON "meter" FOR EACH ROW
  WHEN ((OLD."key", OLD."number", OLD."event_type", OLD."aggregation", OLD."property", OLD."group_by", OLD."filters")
    IS DISTINCT FROM (NEW."key", NEW."number", NEW."event_type", NEW."aggregation", NEW."property", NEW."group_by", NEW."filters"))
  EXECUTE FUNCTION "keep_meter"();

-- The lock of the fold, and how far it is.
INSERT INTO "usage_fold" ("id", "xid", "folded_at") VALUES (1, 0, now());

-- Usage of all customers: whole hours and days by time.
CREATE INDEX "usage_rollup_meter_start_idx" ON "usage_rollup" ("meter", "resolution", "start") WHERE "resolution" > 1;
CREATE INDEX "usage_key_meter_resolution_start_idx" ON "usage_key"("meter", "resolution", "start");

-- What is measured of an event. Every reader of events uses these, so that all count the same.

-- A JSON number, or a text that is a decimal one, to 12 places; null for everything else and from 10^26 on.
CREATE FUNCTION "usage_number"("found" jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE jsonb_typeof("found")
    WHEN 'number' THEN CASE WHEN abs("found"::numeric) < 1e26 THEN round("found"::numeric, 12) END
    WHEN 'string' THEN CASE WHEN "found" #>> '{}' ~ '^-?\d{1,26}(\.\d{1,40})?$' THEN round(("found" #>> '{}')::numeric, 12) END
  END;

-- Whether an event passes all filters of a meter.
CREATE FUNCTION "usage_passes"("data" jsonb, "filters" jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  one jsonb;
  found jsonb;
  number numeric;
  bound numeric;
BEGIN
  FOR one IN SELECT value FROM jsonb_array_elements("filters") LOOP
    found := "data" #> string_to_array(one ->> 'property', '.');
    IF one ->> 'operator' = 'in' THEN
      IF NOT coalesce(one -> 'values' ? (found #>> '{}'), false) THEN RETURN false; END IF;
    ELSIF one ->> 'operator' = 'not_in' THEN
      IF coalesce(one -> 'values' ? (found #>> '{}'), false) THEN RETURN false; END IF;
    ELSE
      number := usage_number(found);
      bound := (one -> 'values' ->> 0)::numeric;
      IF NOT coalesce(CASE one ->> 'operator' WHEN 'gt' THEN number > bound WHEN 'gte' THEN number >= bound
        WHEN 'lt' THEN number < bound WHEN 'lte' THEN number <= bound END, false) THEN RETURN false; END IF;
    END IF;
  END LOOP;
  RETURN true;
END
$$;

-- The values of the properties that a meter is grouped by, as a JSON list. What is longer than 100 characters is cut.
CREATE FUNCTION "usage_dimensions"("data" jsonb, "paths" text[]) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF cardinality("paths") = 0 THEN RETURN '[]'; END IF;
  RETURN (SELECT jsonb_agg(left("data" #>> string_to_array(path, '.'), 100) ORDER BY place)
    FROM unnest("paths") WITH ORDINALITY AS one (path, place))::text;
END
$$;

-- A customer's client sees its customer's usage. What the fold knows of itself, and what meters count, is nobody's.
ALTER TABLE "usage_rollup" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "usage_rollup" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "usage_key" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "usage_key" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "usage_threshold" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "usage_threshold_reached" ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON "meter", "usage_fold", "usage_rollup", "usage_key" TO "bastionary_customer";
