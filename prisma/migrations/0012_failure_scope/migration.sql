-- AlterTable
ALTER TABLE "auth_failure" ADD COLUMN     "scope" TEXT;
