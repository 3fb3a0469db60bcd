CREATE UNLOGGED TABLE "limit_bucket" (
    "key" TEXT NOT NULL,
    "full_at" DOUBLE PRECISION NOT NULL,
    "granted" DOUBLE PRECISION NOT NULL,
    "room" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "limit_bucket_pkey" PRIMARY KEY ("key")
);

CREATE UNLOGGED TABLE "limit_count" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "limit_count_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "limit_bucket_full_at_idx" ON "limit_bucket"("full_at");

CREATE INDEX "limit_count_expire_idx" ON "limit_count"("expire");
