-- CreateTable
CREATE TABLE "expiry_warning" (
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "days" INTEGER NOT NULL,

    CONSTRAINT "expiry_warning_pkey" PRIMARY KEY ("kind","subject")
);

-- CreateIndex
CREATE INDEX "expiry_warning_expires_at_idx" ON "expiry_warning"("expires_at");

-- What Prisma cannot express.

ALTER TABLE "expiry_warning" ADD CONSTRAINT "expiry_warning_kind_known" CHECK ("kind" IN ('client', 'credential'));
