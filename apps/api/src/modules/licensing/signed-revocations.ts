import { newestRevocations, newestSequence } from '@bastionary/licensing/actions/revocation-list';
import { signerFor } from '@bastionary/licensing/actions/signing-keys';
import { makeRevocationList } from '@bastionary/licensing/rules/formats/revocation-list';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Database, WHOLE_DATABASE } from '../../platform/providers.js';
import { LicenseKeyRing } from './license-key-ring.js';

interface SignedList {
  readonly sequence: number;
  /** A compact JWS. */
  readonly text: string;
}
interface RememberedList extends SignedList {
  readonly kid: string;
  /** Signed anew from then on, long before it is stale. In ms. */
  readonly renewAt: number;
}

/** The revocation list, signed: anew when it has grown, when another key signs, and halfway to its next update. */
@Injectable()
export class SignedRevocations {
  private remembered: RememberedList | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(WHOLE_DATABASE) private readonly db: Database,
    private readonly ring: LicenseKeyRing,
  ) {}

  async newest(): Promise<SignedList> {
    const now = new Date();
    const signer = signerFor(await this.ring.with('ed25519'), 'ed25519');
    const known = this.remembered;
    const isGood = known !== undefined && known.kid === signer.kid && now.getTime() < known.renewAt;
    if (isGood && (await newestSequence(this.db)) === known.sequence) return known;
    const lasts = this.config.LICENSE_REVOCATIONS_SECONDS;
    const list = await newestRevocations(this.db, now, lasts);
    const text = makeRevocationList(list, signer);
    this.remembered = { sequence: list.sequence, text, kid: signer.kid, renewAt: now.getTime() + lasts * 500 };
    return this.remembered;
  }
}
