-- AlterTable
ALTER TABLE "client" ADD COLUMN     "environment" TEXT;

-- CreateTable
CREATE TABLE "flag_environment" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "revision" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flag_environment_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "flag" (
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "variants" JSONB NOT NULL,
    "default_variant" TEXT NOT NULL,
    "off_variant" TEXT NOT NULL,
    "description" TEXT,
    "kind" TEXT NOT NULL,
    "owner" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "expires_at" TIMESTAMPTZ(3),
    "entitlement" TEXT,
    "required_plan" TEXT,
    "public" BOOLEAN NOT NULL DEFAULT true,
    "schema" JSONB,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "flag_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "flag_setting" (
    "environment" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flag_setting_pkey" PRIMARY KEY ("environment","flag")
);

-- CreateTable
CREATE TABLE "flag_revision" (
    "environment" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "settings" JSONB NOT NULL,
    "comment" TEXT,
    "actor" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flag_revision_pkey" PRIMARY KEY ("environment","flag","number")
);

-- CreateTable
CREATE TABLE "flag_change" (
    "id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "change" JSONB NOT NULL,
    "comment" TEXT,
    "actor" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "ramp" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "flag_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flag_segment" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "rules" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "flag_segment_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "flag_client_key" (
    "id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "origins" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "flag_client_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flag_use" (
    "environment" TEXT NOT NULL,
    "flag" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "count" BIGINT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flag_use_pkey" PRIMARY KEY ("flag","environment","hour","variant","client")
);

-- CreateIndex
CREATE INDEX "flag_created_at_key_idx" ON "flag"("created_at" DESC, "key" DESC);

-- CreateIndex
CREATE INDEX "flag_setting_flag_idx" ON "flag_setting"("flag");

-- CreateIndex
CREATE INDEX "flag_change_state_at_idx" ON "flag_change"("state", "at");

-- CreateIndex
CREATE INDEX "flag_change_environment_flag_at_idx" ON "flag_change"("environment", "flag", "at");

-- CreateIndex
CREATE UNIQUE INDEX "flag_client_key_key_key" ON "flag_client_key"("key");

-- CreateIndex
CREATE INDEX "flag_client_key_environment_idx" ON "flag_client_key"("environment");

-- CreateIndex
CREATE INDEX "flag_use_hour_idx" ON "flag_use"("hour");

-- What a fresh installation has.
INSERT INTO "flag_environment" ("key", "name", "created_at", "updated_at") VALUES
  ('development', 'Development', now(), now()),
  ('production', 'Production', now(), now());
