import { findOpaqueTokens, type OpaqueToken, storeOpaqueTokens } from '@bastionary/oauth/actions/opaque-tokens';
import { ownKindOf, tokenDigest } from '@bastionary/oauth/rules/own-form';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Gathered } from '../../platform/gathered.js';
import { POOL, type Pool } from '../../platform/providers.js';

/** Opaque access tokens: written before they leave, looked up when they come back. What they say never changes. */
@Injectable()
export class OpaqueTokens {
  private readonly known = new LRUCache<string, OpaqueToken>({ max: 20_000 });
  private readonly stores: Gathered<OpaqueToken, undefined>;
  private readonly finds: Gathered<Buffer, OpaqueToken | undefined>;

  constructor(@Inject(POOL) pool: Pool) {
    this.stores = new Gathered(async (tokens) => {
      await storeOpaqueTokens(pool, tokens);
      return tokens.map(() => undefined);
    });
    this.finds = new Gathered(async (digests) => {
      const found = await findOpaqueTokens(pool, digests, new Date());
      const byDigest = new Map(found.map((token) => [token.digest.toString('base64'), token]));
      return digests.map((digest) => byDigest.get(digest.toString('base64')));
    });
  }

  async store(token: OpaqueToken): Promise<void> {
    await this.stores.ask(token);
  }

  /** What the token stands for, or undefined: wrong form and wrong checksum cost no look-up. */
  async find(token: string): Promise<OpaqueToken | undefined> {
    if (ownKindOf(token) !== 'access') return undefined;
    const digest = tokenDigest(token);
    const key = digest.toString('base64');
    const known = this.known.get(key) ?? (await this.finds.ask(digest));
    if (known !== undefined) this.known.set(key, known);
    return known;
  }
}
