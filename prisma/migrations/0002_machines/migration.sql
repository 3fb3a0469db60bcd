-- AlterTable
ALTER TABLE "client" ADD COLUMN     "access_token_format" TEXT,
ADD COLUMN     "access_token_ttl" INTEGER,
ADD COLUMN     "allowed_addresses" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "dpop_bound_access_tokens" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "grant_types" TEXT[] DEFAULT ARRAY['client_credentials']::TEXT[],
ADD COLUMN     "legacy_assertion_audience" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "rate_limit" JSONB,
ADD COLUMN     "refresh_token_ttl" INTEGER,
ADD COLUMN     "resources" JSONB,
ADD COLUMN     "token_endpoint_auth_method" TEXT,
ADD COLUMN     "token_quota" JSONB;

-- AlterTable
ALTER TABLE "credential" ADD COLUMN     "expires_at" TIMESTAMPTZ(3),
ADD COLUMN     "jwk" JSONB,
ADD COLUMN     "jwks_uri" TEXT,
ADD COLUMN     "label" TEXT,
ADD COLUMN     "not_before" TIMESTAMPTZ(3),
ALTER COLUMN "digest" DROP NOT NULL;

-- What was counted and not folded yet has another form from now on: fold it first.
INSERT INTO "tokens_per_hour" AS total ("client_id", "hour", "issued", "last_at")
SELECT "client_id", "hour", sum("issued"), max("last_at") FROM "issuance_batch" GROUP BY "client_id", "hour"
ON CONFLICT ("client_id", "hour") DO UPDATE
  SET "issued" = total."issued" + excluded."issued", "last_at" = greatest(total."last_at", excluded."last_at");
DELETE FROM "issuance_batch";

-- AlterTable
ALTER TABLE "issuance_batch" DROP CONSTRAINT "issuance_batch_pkey",
DROP COLUMN "hour",
ADD COLUMN     "audience" TEXT[],
ADD COLUMN     "credential_id" TEXT NOT NULL,
ADD COLUMN     "ends_in" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "kid" TEXT NOT NULL,
ADD COLUMN     "minute" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "requested" BOOLEAN NOT NULL,
ADD COLUMN     "row" INTEGER NOT NULL,
ADD COLUMN     "scope" TEXT NOT NULL,
ADD CONSTRAINT "issuance_batch_pkey" PRIMARY KEY ("id", "row");

-- AlterTable
ALTER TABLE "resource" ADD COLUMN     "access_token_format" TEXT,
ADD COLUMN     "access_token_ttl" INTEGER,
ADD COLUMN     "dpop_required" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "introspectors" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "not_before" (
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "lasts_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "not_before_pkey" PRIMARY KEY ("kind","subject")
);

-- CreateTable
CREATE TABLE "used_proof" (
    "digest" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_proof_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "refresh_family" (
    "id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "resources" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "refresh_family_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "refresh_token" (
    "digest" BYTEA NOT NULL,
    "family_id" TEXT NOT NULL,
    "pepper_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "retries" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "refresh_token_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "opaque_token" (
    "digest" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "jti" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "family_id" TEXT,
    "scope" TEXT NOT NULL,
    "audience" TEXT[],
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    "jkt" TEXT,

    CONSTRAINT "opaque_token_pkey" PRIMARY KEY ("digest","expires_at")
) PARTITION BY RANGE ("expires_at");

-- CreateTable
CREATE TABLE "auth_failure" (
    "id" TEXT NOT NULL,
    "trace_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "endpoint" TEXT NOT NULL,
    "client_id" TEXT,
    "error" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "address" TEXT,

    CONSTRAINT "auth_failure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "written_batch" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "written_batch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "written_batch_at_idx" ON "written_batch"("at");

-- CreateTable
CREATE TABLE "credential_use_batch" (
    "id" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "uses" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "credential_use_batch_pkey" PRIMARY KEY ("id","credential_id","hour")
);

-- CreateTable
CREATE TABLE "credential_use" (
    "credential_id" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "uses" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "address" TEXT NOT NULL,

    CONSTRAINT "credential_use_pkey" PRIMARY KEY ("credential_id","hour")
);

-- CreateTable
CREATE TABLE "live_tokens" (
    "digest" BYTEA NOT NULL,
    "client_id" TEXT NOT NULL,
    "credential_id" TEXT NOT NULL,
    "kid" TEXT NOT NULL,
    "audience" TEXT[],
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "ends_in" TIMESTAMPTZ(3) NOT NULL,
    "issued" BIGINT NOT NULL,

    CONSTRAINT "live_tokens_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "scope_use" (
    "client_id" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "requested" BIGINT NOT NULL,
    "defaulted" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scope_use_pkey" PRIMARY KEY ("client_id","scope","day")
);

-- CreateIndex
CREATE INDEX "not_before_lasts_until_idx" ON "not_before"("lasts_until");

-- CreateIndex
CREATE INDEX "used_proof_expires_at_idx" ON "used_proof"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_family_client_id_idx" ON "refresh_family"("client_id");

-- CreateIndex
CREATE INDEX "refresh_family_expires_at_idx" ON "refresh_family"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_token_family_id_idx" ON "refresh_token"("family_id");

-- CreateIndex
CREATE INDEX "auth_failure_at_id_idx" ON "auth_failure"("at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "auth_failure_client_id_at_idx" ON "auth_failure"("client_id", "at" DESC);

-- CreateIndex
CREATE INDEX "auth_failure_trace_id_idx" ON "auth_failure"("trace_id");

-- CreateIndex
CREATE INDEX "credential_use_hour_idx" ON "credential_use"("hour");

-- CreateIndex
CREATE INDEX "live_tokens_client_id_idx" ON "live_tokens"("client_id");

-- CreateIndex
CREATE INDEX "live_tokens_ends_in_idx" ON "live_tokens"("ends_in");

-- CreateIndex
CREATE INDEX "scope_use_day_idx" ON "scope_use"("day");

-- CreateIndex
CREATE INDEX "credential_expires_at_idx" ON "credential"("expires_at");

-- What Prisma cannot express.

-- The days of opaque tokens, made ahead of time and dropped whole: apart from the tables that the schema describes.
CREATE SCHEMA "opaque_token_days";

ALTER TABLE "credential" DROP CONSTRAINT "credential_kind_known";
ALTER TABLE "credential" ADD CONSTRAINT "credential_is_of_its_kind" CHECK (
  ("kind" = 'secret' AND "digest" IS NOT NULL AND "jwk" IS NULL AND "jwks_uri" IS NULL)
  OR ("kind" = 'public_key' AND "jwk" IS NOT NULL AND "digest" IS NULL AND "jwks_uri" IS NULL)
  OR ("kind" = 'jwks_uri' AND "jwks_uri" IS NOT NULL AND "digest" IS NULL AND "jwk" IS NULL)
);
ALTER TABLE "client" ADD CONSTRAINT "client_auth_method_known"
  CHECK ("token_endpoint_auth_method" IN ('client_secret_basic', 'client_secret_post', 'private_key_jwt'));
ALTER TABLE "client" ADD CONSTRAINT "client_access_token_format_known" CHECK ("access_token_format" IN ('jwt', 'opaque'));
ALTER TABLE "resource" ADD CONSTRAINT "resource_access_token_format_known" CHECK ("access_token_format" IN ('jwt', 'opaque'));
ALTER TABLE "not_before" ADD CONSTRAINT "not_before_kind_known"
  CHECK ("kind" IN ('installation', 'client', 'credential', 'resource', 'signing_key', 'family'));
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_family_id_fkey"
  FOREIGN KEY ("family_id") REFERENCES "refresh_family"("id") ON DELETE CASCADE ON UPDATE CASCADE;
