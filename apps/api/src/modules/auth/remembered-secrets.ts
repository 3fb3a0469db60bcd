import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KnownClient } from './client-directory.js';

const REMEMBER_MS = 60_000;

/**
 * Which secrets were right within the last minute. A slow hash is paid once per process and minute, and a fast one not
 * at every request either. Kept under a digest with a key of this process, and together with the very client in memory
 * it was right for: whatever changes the client (a rotation, a suspension) makes another of it, and this forgets.
 */
export class RememberedSecrets {
  private readonly key = randomBytes(32).toString('base64url');
  private readonly right = new LRUCache<string, KnownClient>({ max: 20_000, ttl: REMEMBER_MS, ttlResolution: 100 });

  isRight(client: KnownClient, secret: string): boolean {
    return this.right.get(this.digest(client, secret)) === client;
  }

  remember(client: KnownClient, secret: string): void {
    this.right.set(this.digest(client, secret), client);
  }

  private digest(client: KnownClient, secret: string): string {
    return hash('sha256', `${this.key} ${client.clientId} ${secret}`, 'base64url');
  }
}
