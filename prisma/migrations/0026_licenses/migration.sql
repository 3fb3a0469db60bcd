-- CreateTable
CREATE TABLE "license_product" (
    "id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license_release" (
    "product_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "checksums" TEXT[],
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_release_pkey" PRIMARY KEY ("product_id","version")
);

-- CreateTable
CREATE TABLE "license_policy" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "product_id" TEXT NOT NULL,
    "plan" TEXT,
    "scheme" TEXT,
    "terms" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "license_policy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license" (
    "id" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "customer_id" TEXT,
    "name" TEXT,
    "key_sealed" TEXT NOT NULL,
    "key_digest" BYTEA NOT NULL,
    "key_hint" TEXT NOT NULL,
    "limits" JSONB NOT NULL DEFAULT '{}',
    "expires_at" TIMESTAMPTZ(3),
    "suspensions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "suspended_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "source" TEXT,
    "source_plan" TEXT,
    "uses" BIGINT NOT NULL DEFAULT 0,
    "last_validated_at" TIMESTAMPTZ(3),
    "last_check_in_at" TIMESTAMPTZ(3),
    "last_check_out_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "license_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license_entitlement" (
    "license_id" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_entitlement_pkey" PRIMARY KEY ("license_id","code")
);

-- CreateTable
CREATE TABLE "license_user" (
    "id" TEXT NOT NULL,
    "license_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license_token" (
    "id" TEXT NOT NULL,
    "license_id" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "machine" (
    "id" TEXT NOT NULL,
    "license_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "name" TEXT,
    "hostname" TEXT,
    "platform" TEXT,
    "ip" TEXT,
    "cores" INTEGER,
    "memory" BIGINT,
    "disk" BIGINT,
    "user_id" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "last_heartbeat_at" TIMESTAMPTZ(3),
    "dies_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "resurrected_at" TIMESTAMPTZ(3),
    "last_check_out_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "machine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "machine_component" (
    "id" TEXT NOT NULL,
    "machine_id" TEXT NOT NULL,
    "license_id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "machine_component_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "machine_process" (
    "id" TEXT NOT NULL,
    "machine_id" TEXT NOT NULL,
    "license_id" TEXT NOT NULL,
    "pid" TEXT NOT NULL,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "last_heartbeat_at" TIMESTAMPTZ(3) NOT NULL,
    "dies_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "machine_process_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "license_signing_key" (
    "kid" TEXT NOT NULL,
    "use" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_sealed" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),
    "compromised_from" TIMESTAMPTZ(3),

    CONSTRAINT "license_signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "license_key_set" (
    "version" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_key_set_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "license_revocation" (
    "sequence" BIGINT NOT NULL,
    "license_id" TEXT NOT NULL,
    "key_digest" BYTEA NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "license_revocation_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "license_account" (
    "id" TEXT NOT NULL DEFAULT 'default',
    "account" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "license_account_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "license_product_code_key" ON "license_product"("code");

-- CreateIndex
CREATE INDEX "license_policy_plan_idx" ON "license_policy"("plan");

-- CreateIndex
CREATE INDEX "license_policy_created_at_id_idx" ON "license_policy"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "license_key_digest_key" ON "license"("key_digest");

-- CreateIndex
CREATE INDEX "license_policy_id_idx" ON "license"("policy_id");

-- CreateIndex
CREATE INDEX "license_customer_id_idx" ON "license"("customer_id");

-- CreateIndex
CREATE INDEX "license_expires_at_idx" ON "license"("expires_at");

-- CreateIndex
CREATE INDEX "license_created_at_id_idx" ON "license"("created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "license_source_source_plan_policy_id_key" ON "license"("source", "source_plan", "policy_id");

-- CreateIndex
CREATE UNIQUE INDEX "license_user_license_id_email_key" ON "license_user"("license_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "license_token_digest_key" ON "license_token"("digest");

-- CreateIndex
CREATE INDEX "license_token_license_id_idx" ON "license_token"("license_id");

-- CreateIndex
CREATE INDEX "machine_fingerprint_idx" ON "machine"("fingerprint");

-- CreateIndex
CREATE INDEX "machine_dies_at_idx" ON "machine"("dies_at");

-- CreateIndex
CREATE UNIQUE INDEX "machine_license_id_fingerprint_key" ON "machine"("license_id", "fingerprint");

-- CreateIndex
CREATE INDEX "machine_component_license_id_fingerprint_idx" ON "machine_component"("license_id", "fingerprint");

-- CreateIndex
CREATE INDEX "machine_component_fingerprint_idx" ON "machine_component"("fingerprint");

-- CreateIndex
CREATE UNIQUE INDEX "machine_component_machine_id_fingerprint_key" ON "machine_component"("machine_id", "fingerprint");

-- CreateIndex
CREATE INDEX "machine_process_license_id_idx" ON "machine_process"("license_id");

-- CreateIndex
CREATE INDEX "machine_process_dies_at_idx" ON "machine_process"("dies_at");

-- CreateIndex
CREATE UNIQUE INDEX "machine_process_machine_id_pid_key" ON "machine_process"("machine_id", "pid");

-- CreateIndex
CREATE INDEX "license_revocation_license_id_idx" ON "license_revocation"("license_id");

-- CreateIndex
CREATE INDEX "license_revocation_key_digest_idx" ON "license_revocation"("key_digest");

-- Nobody's machine dies before it was made, and no counter falls below nothing.
ALTER TABLE "license" ADD CONSTRAINT "license_uses" CHECK (uses >= 0);

-- The second wall: a customer's client sees the licences of its customer and what belongs to them.
ALTER TABLE license ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON license TO bastionary_customer USING (customer_id = current_setting('bastionary.customer', true));
GRANT SELECT ON license TO bastionary_customer;
DO $$
DECLARE part text;
BEGIN
  FOREACH part IN ARRAY ARRAY['license_entitlement', 'license_user', 'machine', 'machine_component', 'machine_process'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('CREATE POLICY own ON %I TO bastionary_customer USING (license_id IN (SELECT id FROM license))', part);
    EXECUTE format('GRANT SELECT ON %I TO bastionary_customer', part);
  END LOOP;
END $$;
GRANT SELECT ON license_policy, license_product TO bastionary_customer;

-- The installation, and the product of those who sell only one.
INSERT INTO license_account (id, account) VALUES ('default', gen_random_uuid());
INSERT INTO license_product (id, code, name, created_at, updated_at)
VALUES ('prd_default', 'default', 'Default', date_trunc('milliseconds', now()), date_trunc('milliseconds', now()));
