-- Row-level security: the second wall between customers. Requests of a customer's client run as this role, with the
-- customer in `bastionary.customer`; everybody else is the owner of the tables, whom no policy binds.

-- Roles belong to the server, not to the database: another database may have made it, or be making it just now.
DO $$
DECLARE
  -- Since 16 one can belong to a role without being allowed to act as it.
  acts_as CONSTANT text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bastionary_customer') THEN
      BEGIN
        CREATE ROLE "bastionary_customer" NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
    IF NOT pg_has_role(current_user, 'bastionary_customer', acts_as) THEN
      GRANT "bastionary_customer" TO CURRENT_USER;
    END IF;
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format(
      'The database user %1$I may not make the role that requests of customers'' clients run as. Let an administrator of the server run: CREATE ROLE bastionary_customer NOLOGIN; GRANT bastionary_customer TO %1$I; (without the first if the role exists). Then start again.',
      current_user);
  END;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'bastionary_customer' AND (rolsuper OR rolbypassrls)) THEN
    RAISE EXCEPTION 'The role bastionary_customer is bound by no policy. Let an administrator of the server run: ALTER ROLE bastionary_customer NOSUPERUSER NOBYPASSRLS;';
  END IF;
END
$$;

GRANT USAGE ON SCHEMA "public" TO "bastionary_customer";

-- The customer of the transaction; null, and so no row at all, where none is set.
CREATE FUNCTION "current_customer"() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('bastionary.customer', true), '');

-- What a customer's client may read: its customer's rows.
ALTER TABLE "customer" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "customer" TO "bastionary_customer" USING ("id" = current_customer());
ALTER TABLE "entitlement_snapshot" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "entitlement_snapshot" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "entitlement_history" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "entitlement_history" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "entitlement_override" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "entitlement_override" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "entitlement_grant" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "entitlement_grant" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "subscription" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "subscription" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "client" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "client" TO "bastionary_customer" USING ("customer_id" = current_customer());

-- Rows that belong to one of these. The tables named here are seen through their own policies.
ALTER TABLE "subscription_item" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "subscription_item" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "subscription" s WHERE s."id" = "subscription_id"));
ALTER TABLE "scheduled_change" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "scheduled_change" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "subscription" s WHERE s."id" = "subscription_id"));
ALTER TABLE "credential" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "credential" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "client" c WHERE c."client_id" = "credential"."client_id"));
ALTER TABLE "credential_use" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "credential_use" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "credential" c WHERE c."id" = "credential_id"));
ALTER TABLE "credential_use_batch" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "credential_use_batch" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "credential" c WHERE c."id" = "credential_id"));
ALTER TABLE "tokens_per_hour" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "tokens_per_hour" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "client" c WHERE c."client_id" = "tokens_per_hour"."client_id"));
ALTER TABLE "issuance_batch" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "issuance_batch" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "client" c WHERE c."client_id" = "issuance_batch"."client_id"));
ALTER TABLE "not_before" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "not_before" TO "bastionary_customer"
  USING ("kind" = 'client' AND EXISTS (SELECT FROM "client" c WHERE c."client_id" = "subject"));

-- Of the plans those that the customer is on: a plan may be what was agreed with somebody else.
ALTER TABLE "plan_version" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "plan_version" TO "bastionary_customer" USING (EXISTS (
  SELECT FROM "subscription_item" i
  WHERE i."plan_key" = "plan_version"."plan_key" AND i."plan_version" = "plan_version"."version"));
ALTER TABLE "plan" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "plan" TO "bastionary_customer"
  USING (EXISTS (SELECT FROM "plan_version" v WHERE v."plan_key" = "key"));

-- What happened to its clients.
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "audit_log" TO "bastionary_customer"
  USING (starts_with("target", 'client:') AND EXISTS (SELECT FROM "client" c WHERE c."client_id" = substr("target", 8)));

GRANT SELECT ON "customer", "entitlement_snapshot", "entitlement_history", "entitlement_override", "entitlement_grant",
  "subscription", "subscription_item", "scheduled_change", "client", "credential", "credential_use",
  "credential_use_batch", "tokens_per_hour", "issuance_batch", "not_before", "plan", "plan_version",
  "audit_log"
  TO "bastionary_customer";

-- What is nobody's.
GRANT SELECT ON "feature", "scope", "resource" TO "bastionary_customer";

-- What a customer's client may write: what it takes of its limits, and the answers kept for its retries.
ALTER TABLE "quota_use" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "quota_use" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "quota_reservation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "quota_reservation" TO "bastionary_customer" USING ("customer_id" = current_customer());
ALTER TABLE "idempotent_answer" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "idempotent_answer" TO "bastionary_customer"
  USING (starts_with("actor", 'client:') AND EXISTS (SELECT FROM "client" c WHERE c."client_id" = substr("actor", 8)));
GRANT SELECT, INSERT, UPDATE ON "quota_use", "quota_reservation", "idempotent_answer" TO "bastionary_customer";

-- Tables with customers' rows that no request of a customer's client touches: no policy, and so no row.
ALTER TABLE "outbox_event" ENABLE ROW LEVEL SECURITY;
