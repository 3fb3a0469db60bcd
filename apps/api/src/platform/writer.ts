import { createHash } from 'node:crypto';
import { AppError } from '@bastionary/platform/app-error';
import { inTransaction } from '@bastionary/platform/changes';
import { seal, unseal } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ChangeFeed } from './change-feed.js';
import { Places } from './places.js';
import { actorOf, principalOf } from './principal.js';
import { CONFIG, type Config, DATABASE, type Database, ENCRYPTION_KEYS, type KeyEncryptionKeys } from './providers.js';

type Work<Result> = (tx: Transaction) => Promise<Result>;

/** Connections that changes leave to those who only ask. */
const LEFT_TO_READERS = 4;
const WAIT_MS = 5_000;

/**
 * Opens the one transaction of a request. Changes that wait for each other hold a connection each while they do: so many
 * at once that tokens, which must read what has changed, always find one.
 */
@Injectable()
export class Writer {
  private readonly places: Places;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly db: Database,
    @Inject(ENCRYPTION_KEYS) private readonly keys: KeyEncryptionKeys,
    private readonly feed: ChangeFeed,
  ) {
    this.places = new Places(Math.max(1, config.DATABASE_POOL_SIZE - LEFT_TO_READERS), WAIT_MS);
  }

  /** Runs `work` in a transaction; what it announced is known to this process before the answer leaves. */
  write<Result>(work: Work<Result>, timeoutMs?: number): Promise<Result> {
    return this.places.take(() => this.transact(work, timeoutMs));
  }

  /** The same for a question that cannot be answered before something due is written: ahead of all changes that wait. */
  writeFirst<Result>(work: Work<Result>): Promise<Result> {
    return this.places.take(() => this.transact(work), true);
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

  private transact<Result>(work: Work<Result>, timeoutMs?: number): Promise<Result> {
    return inTransaction(this.db, work, (changes) => this.feed.apply(changes), timeoutMs);
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
