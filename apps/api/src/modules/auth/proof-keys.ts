import { readProofKey } from '@bastionary/oauth/rules/dpop-proof';
import type { ReadJwk } from '@bastionary/oauth/rules/jwk-set';
import { LRUCache } from 'lru-cache';

/** Longer texts are read each time, so that what is kept is bounded; no key needs so many. */
const LENGTH_MAX = 1_500;

/**
 * The public keys of DPoP proofs, read once: a program proves every request with the same key, and making a key object of
 * a JWK, with what OpenSSL works out at its first use, costs more than the signature it verifies.
 */
export class ProofKeys {
  private readonly known = new LRUCache<string, ReadJwk>({ max: 2_000 });

  read(jwk: unknown): ReadJwk {
    const text = JSON.stringify(jwk) ?? '';
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const read = readProofKey(jwk);
    if (read.ok && text.length <= LENGTH_MAX) this.known.set(text, read);
    return read;
  }
}
