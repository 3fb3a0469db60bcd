-- CreateTable
CREATE TABLE "mail_message" (
    "id" TEXT NOT NULL,
    "about" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mail_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "mail_message_key_key" ON "mail_message"("key");

-- CreateIndex
CREATE INDEX "mail_message_next_attempt_at_idx" ON "mail_message"("next_attempt_at");

-- CreateIndex
CREATE INDEX "mail_message_about_idx" ON "mail_message"("about");
