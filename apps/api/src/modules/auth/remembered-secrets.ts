import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KnownClient, KnownSecret } from './known-client.js';

const REMEMBER_MS = 60_000;

interface Right {
  readonly client: KnownClient;
  readonly secret: KnownSecret;
}

/**
 * Which secrets were right within the last minute. A slow hash is paid once per process and minute, and a fast one not
 * at every request either. Kept under a digest with a key of this process, and together with the very client in memory
 * it was right for: whatever changes the client (a rotation, a suspension) makes another of it, and this forgets.
 */
export class RememberedSecrets {
  private readonly key = randomBytes(32).toString('base64url');
  private readonly right = new LRUCache<string, Right>({ max: 20_000, ttl: REMEMBER_MS, ttlResolution: 100 });

  /** The secret of the client that was presented, if it is remembered. */
  find(client: KnownClient, presented: string): KnownSecret | undefined {
    const right = this.right.get(this.digest(client, presented));
    return right?.client === client ? right.secret : undefined;
  }

  remember(client: KnownClient, presented: string, secret: KnownSecret): void {
    this.right.set(this.digest(client, presented), { client, secret });
  }

  private digest(client: KnownClient, presented: string): string {
    return hash('sha256', `${this.key} ${client.clientId} ${presented}`, 'base64url');
  }
}
