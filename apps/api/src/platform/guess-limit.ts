import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Limits } from './limits/limits.js';
import type { Count } from './limits/window-counts.js';
import type { LimitKind } from './metrics.js';

interface Options {
  /** What is guessed at; keeps its counts apart from those of others. */
  readonly kind: Extract<LimitKind, 'wrong_secrets' | 'sign_in' | 'second_factor' | 'license_keys'>;
  /** Wrong ones per subject and address. */
  readonly attempts: number;
  /** Wrong ones per address, whatever the subject. */
  readonly attemptsPerAddress: number;
  readonly windowSeconds: number;
  /** What whoever guesses on is told. */
  readonly refusal: (retryAfterSeconds: number, isRepeat: boolean) => Error;
}

const PLAIN = /^[A-Za-z0-9._~@+-]{1,128}$/;
const PROVEN_MAX = 10_000;

/**
 * Counts wrong secrets per subject and address (RFC 6749 §2.3.1): whoever guesses is stopped, and the subject itself, at
 * another address, is not. Who guesses at many subjects is stopped by its address; a subject that has proven itself from
 * there before still gets in. An IPv6 address counts as its /64.
 */
export class GuessLimit {
  /** While nobody guesses, nobody is asked. */
  private guessedUntil = 0;
  private readonly proven = new LRUCache<string, true>({ max: PROVEN_MAX });

  constructor(
    private readonly limits: Limits,
    private readonly options: Options,
  ) {}

  /** As far as this process knows: next to nothing of work. @throws the refusal once there were too many */
  check(subject: string, address: string): void {
    const now = Date.now();
    if (now > this.guessedUntil) return;
    const { own, wide } = this.keysOf(subject, address);
    const { counts } = this.limits;
    this.judge(own, wide, counts.peek(own, now), counts.peek(wide, now), now);
  }

  /** As all processes know it: before a secret is compared. @throws the refusal once there were too many */
  async checkEverywhere(subject: string, address: string): Promise<void> {
    const now = Date.now();
    const { own, wide } = this.keysOf(subject, address);
    const { counts } = this.limits;
    const [ownCount, wideCount] = await Promise.all([counts.read(own, now), counts.read(wide, now)]);
    this.guessedUntil = Math.max(this.guessedUntil, ownCount?.end ?? 0, wideCount?.end ?? 0);
    this.judge(own, wide, ownCount, wideCount, now);
  }

  /** A wrong secret. */
  async record(subject: string, address: string): Promise<void> {
    const now = Date.now();
    const end = now + this.options.windowSeconds * 1_000;
    const { own, wide } = this.keysOf(subject, address);
    this.guessedUntil = end;
    await Promise.all([own, wide].map((key) => this.limits.counts.add(key, 1, { now, end })));
  }

  /** A right one: from now on what others do at this address does not concern the subject. */
  prove(subject: string, address: string): void {
    this.proven.set(this.keysOf(subject, address).own, true);
  }

  private judge(own: string, wide: string, ownCount: Count | undefined, wideCount: Count | undefined, now: number) {
    const { kind, attempts, attemptsPerAddress, refusal } = this.options;
    const full =
      (ownCount?.count ?? 0) >= attempts
        ? ownCount
        : (wideCount?.count ?? 0) >= attemptsPerAddress && !this.proven.has(own)
          ? wideCount
          : undefined;
    if (full === undefined) return;
    const isRepeat = this.limits.noteRefusal(kind, full === ownCount ? own : wide);
    throw refusal(Math.max(1, Math.ceil((full.end - now) / 1_000)), isRepeat);
  }

  // A subject is whatever the caller wrote: nothing long or strange becomes part of a key.
  private keysOf(subject: string, address: string): { own: string; wide: string } {
    const from = `${this.options.kind}:${this.limits.keyOf(address)}`;
    const plain = PLAIN.test(subject) ? subject : `#${createHash('sha256').update(subject).digest('base64url')}`;
    return { own: `${from}:${plain}`, wide: from };
  }
}
