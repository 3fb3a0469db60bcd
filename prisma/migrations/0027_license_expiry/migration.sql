-- AlterTable
ALTER TABLE "license" ADD COLUMN     "expiry_told_at" TIMESTAMPTZ(3);

-- Those whose expiry is still to be told, and no others.
CREATE INDEX "license_expiry_untold" ON "license" ("expires_at") WHERE expiry_told_at IS NULL AND revoked_at IS NULL;
