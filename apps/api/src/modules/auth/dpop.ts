import { hkdfSync } from 'node:crypto';
import { isFreshDpopNonce, makeDpopNonce } from '@bastionary/oauth/rules/dpop-nonce';
import { checkDpopProof } from '@bastionary/oauth/rules/dpop-proof';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import { KeyRing } from './key-ring.js';
import { ProofKeys } from './proof-keys.js';
import { UsedProofs } from './used-proofs.js';

/** Where a proof was shown. */
export interface ProvenRequest {
  readonly proof: string | undefined;
  readonly method: string;
  /** Path of the address that was called. */
  readonly path: string;
  /** Given where a token is used: the proof must be made for it. */
  readonly accessToken?: string;
}

/** Checks DPoP proofs, RFC 9449. */
@Injectable()
export class Dpop {
  private key: { readonly of: Buffer; readonly derived: Buffer } | undefined;
  private readonly proofKeys = new ProofKeys();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keys: KeyRing,
    private readonly usedProofs: UsedProofs,
  ) {}

  /**
   * The thumbprint of the key that made the proof.
   * @throws OAuthFault invalid_dpop_proof; use_dpop_nonce, with a nonce in its header fields, if only that is missing
   */
  async thumbprint(clientId: string, { proof, method, path, accessToken }: ProvenRequest): Promise<string> {
    const now = Date.now();
    const checked = await checkDpopProof({
      proof,
      method,
      url: `${this.config.ISSUER_URL}${path}`,
      ...(accessToken !== undefined && { accessToken }),
      readKey: (jwk) => this.proofKeys.read(jwk),
      nonce: {
        required: this.config.DPOP_NONCE === 'required',
        isFresh: (nonce) => isFreshDpopNonce(this.nonceKey, nonce, now),
      },
      maxAgeSeconds: this.config.DPOP_PROOF_MAX_AGE_SECONDS,
      skewSeconds: this.config.CLOCK_SKEW_SECONDS,
      now,
    });
    if (!checked.ok) {
      const description =
        checked.error === 'use_dpop_nonce' ? 'Use the nonce in the DPoP-Nonce header' : 'The DPoP proof is not valid';
      throw this.fault(clientId, checked.error, description, `dpop_${checked.code}`, checked.reason);
    }
    if (!(await this.usedProofs.isFirstUse('dpop', checked.jkt, checked.jti, checked.expiresAt))) {
      const reason = `the proof ${checked.jti} was used before`;
      throw this.fault(clientId, 'invalid_dpop_proof', 'The DPoP proof is not valid', 'dpop_replayed', reason);
    }
    return checked.jkt;
  }

  /** The nonce for the next proof (RFC 9449 §8.2). */
  get nonce(): string {
    return makeDpopNonce(this.nonceKey, Date.now());
  }

  private fault(
    clientId: string,
    error: 'invalid_dpop_proof' | 'use_dpop_nonce',
    description: string,
    reasonCode: string,
    reason: string,
  ): OAuthFault {
    return new OAuthFault(error, description, {
      clientId,
      reasonCode,
      reason,
      headers: { 'dpop-nonce': this.nonce },
    });
  }

  // Every process has the peppers, so every process knows the others' nonces.
  private get nonceKey(): Buffer {
    const { peppers } = this.keys;
    const pepper = peppers.get(peppers.newest);
    if (pepper === undefined) throw new Error('the newest pepper is missing');
    if (this.key?.of !== pepper) {
      this.key = { of: pepper, derived: Buffer.from(hkdfSync('sha256', pepper, '', 'bastionary dpop nonce', 32)) };
    }
    return this.key.derived;
  }
}
