import { type Proof, proofDigest, useProofs } from '@bastionary/oauth/actions/used-proofs';
import { Inject, Injectable } from '@nestjs/common';
import { Gathered } from '../../platform/gathered.js';
import { POOL, type Pool } from '../../platform/providers.js';

/** Assertions and DPoP proofs that were used, in the database: each counts once, in every process and after a restart. */
@Injectable()
export class UsedProofs {
  private readonly uses: Gathered<Proof, boolean>;

  constructor(@Inject(POOL) pool: Pool) {
    this.uses = new Gathered((proofs) => useProofs(pool, proofs));
  }

  /**
   * Whether this is the first use; from now on it is not.
   * @param issuer who made it: the client of an assertion, the key of a DPoP proof
   * @param expiresAt milliseconds; it must be remembered until then
   */
  isFirstUse(kind: 'assertion' | 'dpop', issuer: string, jti: string, expiresAt: number): Promise<boolean> {
    return this.uses.ask({ digest: proofDigest(kind, issuer, jti), expiresAt: new Date(Math.ceil(expiresAt)) });
  }
}
