-- CreateTable
CREATE TABLE "dunning_policy" (
    "id" TEXT NOT NULL DEFAULT 'default',
    "steps" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "dunning_policy_pkey" PRIMARY KEY ("id")
);
