-- Prices take the form in which they are rated: amounts in minor units, a model, a key of its own for each.
-- Nothing is rounded: a flat price of fractions of a minor unit becomes the flat amount of a single tier.

CREATE FUNCTION "price_in_minor_units"(old JSONB, key TEXT) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('key', key, 'currency', old->>'currency', 'interval', coalesce(old->>'interval', 'month'),
      'interval_count', coalesce(old->'interval_count', '1'), 'timing', coalesce(old->>'billing', 'in_advance'))
    || CASE
      WHEN old->>'kind' = 'per_unit' THEN jsonb_build_object('model', 'per_unit', 'unit_amount', minor::text)
      WHEN minor = trunc(minor) THEN jsonb_build_object('model', 'flat', 'amount', minor::text)
      ELSE jsonb_build_object('model', 'graduated', 'tiers', jsonb_build_array(
        jsonb_build_object('up_to', NULL, 'unit_amount', '0', 'flat_amount', minor::text)))
    END
  FROM (SELECT trim_scale((old->>'amount')::numeric * CASE
    WHEN old->>'currency' IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND',
      'VUV', 'XAF', 'XOF', 'XPF') THEN 1
    WHEN old->>'currency' IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000
    WHEN old->>'currency' IN ('CLF', 'UYW') THEN 10000
    ELSE 100
  END) AS minor) AS exact
$$;

-- The keys that the contract would give: those that were given, then names of models, in the order of the list.
CREATE FUNCTION "prices_in_minor_units"(list JSONB) RETURNS JSONB LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  taken TEXT[] := ARRAY(SELECT DISTINCT one->>'key' FROM jsonb_array_elements(list) AS one WHERE one->>'key' IS NOT NULL);
  used TEXT[] := '{}';
  result JSONB := '[]';
  old JSONB;
  name TEXT;
  chosen TEXT;
  number INT;
BEGIN
  FOR old IN SELECT one FROM jsonb_array_elements(list) WITH ORDINALITY AS each(one, place) ORDER BY place LOOP
    chosen := old->>'key';
    IF chosen IS NULL OR chosen = ANY(used) THEN
      name := left(coalesce(chosen, CASE old->>'kind' WHEN 'per_unit' THEN 'units' ELSE 'base' END), 56);
      chosen := name;
      number := 1;
      WHILE chosen = ANY(taken) LOOP
        chosen := name || '-' || lower(old->>'currency') || CASE number WHEN 1 THEN '' ELSE '-' || number END;
        number := number + 1;
      END LOOP;
    END IF;
    taken := taken || chosen;
    used := used || chosen;
    result := result || jsonb_build_array(price_in_minor_units(old, chosen));
  END LOOP;
  RETURN result;
END
$$;

-- Published versions change this once: what they cost stays, how it is written does not.
ALTER TABLE "plan_version" DISABLE TRIGGER "plan_version_stays";
UPDATE "plan_version" SET "prices" = prices_in_minor_units("prices"::jsonb) WHERE "prices"::jsonb <> '[]';
ALTER TABLE "plan_version" ENABLE TRIGGER "plan_version_stays";

DROP FUNCTION "prices_in_minor_units"(JSONB);
DROP FUNCTION "price_in_minor_units"(JSONB, TEXT);
