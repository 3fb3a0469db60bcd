-- AlterTable
ALTER TABLE "signing_key" ADD COLUMN     "promote_at" TIMESTAMPTZ(3),
ADD COLUMN     "published_at" TIMESTAMPTZ(3),
ADD COLUMN     "retiring_at" TIMESTAMPTZ(3),
ALTER COLUMN "private_sealed" DROP NOT NULL;

-- Every key there was has been published since it was made.
UPDATE "signing_key" SET "published_at" = "created_at";
ALTER TABLE "signing_key" ALTER COLUMN "published_at" SET NOT NULL;

-- CreateTable
CREATE TABLE "encryption_canary" (
    "id" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "encryption_canary_pkey" PRIMARY KEY ("id")
);

-- What Prisma cannot express.

ALTER TABLE "encryption_canary" ADD CONSTRAINT "encryption_canary_single" CHECK ("id" = 1);

-- Never two keys waiting to sign, and none that waits or signs without its private part.
CREATE UNIQUE INDEX "signing_key_one_next" ON "signing_key" ("state") WHERE "state" = 'next';
ALTER TABLE "signing_key" ADD CONSTRAINT "signing_key_can_sign" CHECK ("private_sealed" IS NOT NULL OR "state" IN ('retiring', 'retired'));
