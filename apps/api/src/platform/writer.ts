import { createHash } from 'node:crypto';
import { AppError } from '@bastionary/platform/app-error';
import { inTransaction } from '@bastionary/platform/changes';
import { seal, unseal } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ChangeFeed } from './change-feed.js';
import { actorOf, principalOf } from './principal.js';
import { DATABASE, type Database, ENCRYPTION_KEYS, type KeyEncryptionKeys } from './providers.js';

type Work<Result> = (tx: Transaction) => Promise<Result>;

/** Opens the one transaction of a request. */
@Injectable()
export class Writer {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    private readonly feed: ChangeFeed,
  ) {}

  /** Runs `work` in a transaction; what it announced is known to this process before the answer leaves. */
  write<Result>(work: Work<Result>, timeoutMs?: number): Promise<Result> {
    return inTransaction(this.db, work, (changes) => this.feed.apply(changes), timeoutMs);
  }

  /**
   * The same, once per `Idempotency-Key`: a retry gets the first answer again, for 24 hours. The answer is kept sealed,
   * since it may hold a secret, and in the same transaction, so that there is no moment in between.
   * @throws AppError idempotency_key_reused if the key came with another request
   */
  async writeOnce<Result>(request: FastifyRequest, work: Work<Result>, timeoutMs?: number): Promise<Result> {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return this.write(work, timeoutMs);
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new AppError('invalid_idempotency_key', 'Idempotency-Key takes 1 to 255 visible ASCII characters, once.');
    }
    const actor = actorOf(principalOf(request));
    const requestHash = hashOf(request);
    const purpose = `idempotent_answer|${actor}|${key}`;
    return this.write(async (tx) => {
      // A second request with this key waits here until the first has committed.
      const { count } = await tx.idempotentAnswer.createMany({
        data: { actor, key, requestHash, createdAt: new Date() },
        skipDuplicates: true,
      });
      const where = { actor_key: { actor, key } };
      if (count === 0) {
        const earlier = await tx.idempotentAnswer.findUniqueOrThrow({ where });
        if (earlier.requestHash !== requestHash || earlier.sealed === null) throw reused();
        return JSON.parse(unseal(this.keys, purpose, earlier.sealed).toString()) as Result;
      }
      const result = await work(tx);
      await tx.idempotentAnswer.update({ where, data: { sealed: seal(this.keys, purpose, JSON.stringify(result)) } });
      return result;
    }, timeoutMs);
  }
}

const hashOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body)}`)
    .digest('base64url');

const reused = (): AppError =>
  new AppError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for a different request. Use a new key for a new request.',
  );
