import { createHmac, randomBytes } from 'node:crypto';
import { UNMATCHABLE_HASH, verifyPassword } from '@bastionary/platform/password-hash';
import { LRUCache } from 'lru-cache';

const REMEMBER_MS = 60_000;

/**
 * Verifies chosen secrets against argon2id, and remembers for a minute which were right: the slow hash is paid once per
 * process and minute. What is remembered is keyed by the stored hash, so a rotated secret is forgotten with it.
 */
export class VerifiedSecrets {
  private readonly key = randomBytes(32);
  private readonly right = new LRUCache<string, true>({ max: 10_000, ttl: REMEMBER_MS });

  /** Takes as long for a client without such a secret as for a wrong one. */
  async verify(hashes: readonly string[], secret: string): Promise<boolean> {
    for (const phc of hashes.length > 0 ? hashes : [UNMATCHABLE_HASH]) {
      const memo = createHmac('sha256', this.key).update(`${phc}\n${secret}`).digest('base64url');
      if (this.right.has(memo)) return true;
      if (await verifyPassword(phc, secret)) {
        this.right.set(memo, true);
        return true;
      }
    }
    return false;
  }
}
