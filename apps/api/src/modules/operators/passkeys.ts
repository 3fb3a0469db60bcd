import type { PasskeyAssertion, PasskeyAttestation } from '@bastionary/contracts/proofs';
import { AppError } from '@bastionary/platform/app-error';
import { newId } from '@bastionary/platform/ids';
import type { Transaction } from '@bastionary/prisma/client';
import { Inject, Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { invalidProof } from './invalid-proof.js';
import { CEREMONY_MS, type Ceremony, keepChallenge, SIGN_IN, takeChallenge } from './passkey-challenges.js';
import { type RelyingParty, relyingPartyOf } from './relying-party.js';

export interface SeenPasskey {
  readonly id: string;
  readonly operatorId: string;
  readonly counterBefore: bigint;
  readonly counter: number;
}

export interface NewPasskey {
  readonly credential: WebAuthnCredential;
  readonly isSynced: boolean;
}

type OwnCeremony = Ceremony & { purpose: 'register' | 'prove' };

/** The ceremonies of WebAuthn. The user is verified by the authenticator every time: a passkey alone is two factors. */
@Injectable()
export class Passkeys {
  private readonly party: RelyingParty | null;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly db: Database,
  ) {
    this.party = relyingPartyOf(config.ISSUER_URL);
  }

  get areAvailable(): boolean {
    return this.party !== null;
  }

  /** @throws AppError passkeys_unavailable */
  async askToRegister(ceremony: OwnCeremony, operator: { name: string; email: string | null }, now: Date) {
    const { id } = this.needParty();
    const known = await this.known(ceremony.operatorId);
    const options = await generateRegistrationOptions({
      rpName: 'Bastionary',
      rpID: id,
      userID: new TextEncoder().encode(ceremony.operatorId),
      userName: operator.email ?? operator.name,
      userDisplayName: operator.name,
      timeout: CEREMONY_MS,
      attestationType: 'none',
      excludeCredentials: known,
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    await keepChallenge(this.db, options.challenge, ceremony, now);
    return { ...options };
  }

  /** @throws AppError invalid_sign_in, passkeys_unavailable */
  async readRegistration(attestation: PasskeyAttestation, ceremony: OwnCeremony, now: Date): Promise<NewPasskey> {
    const { id, origin } = this.needParty();
    const expectedChallenge = await takeChallenge(this.db, attestation.response.clientDataJSON, ceremony, now);
    const { registrationInfo } = await holds(async () => {
      // We asked for none. Another one could name addresses (certificates' revocation lists) that would be fetched.
      const object = Buffer.from(attestation.response.attestationObject, 'base64url');
      const format = decodeAttestationObject(Uint8Array.from(object)).get('fmt');
      if (format !== 'none') throw new Error(`an attestation of the format ${format}`);
      return verifyRegistrationResponse({
        response: attestation as unknown as Parameters<typeof verifyRegistrationResponse>[0]['response'],
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: id,
        requireUserVerification: true,
      });
    });
    if (registrationInfo === undefined) throw invalidProof('the registration was not verified');
    return {
      credential: registrationInfo.credential,
      isSynced: registrationInfo.credentialDeviceType === 'multiDevice',
    };
  }

  /** @throws AppError second_factor_exists if the authenticator is registered already */
  async add(tx: Transaction, operatorId: string, name: string, { credential, isSynced }: NewPasskey, now: Date) {
    const row = {
      id: newId('pky', now.getTime()),
      operatorId,
      credentialId: credential.id,
      publicKey: credential.publicKey,
      counter: BigInt(credential.counter),
      transports: (credential.transports ?? []).map(String),
      isSynced,
      name,
      createdAt: now,
    };
    const { count } = await tx.passkey.createMany({ data: row, skipDuplicates: true });
    if (count === 0) throw new AppError('second_factor_exists', 'This passkey is registered already.');
    return { ...row, lastUsedAt: null };
  }

  /** Asks for a signature: of one of the operator's passkeys, or of any, which then says whose it is. */
  async askToProve(ceremony: OwnCeremony | null, now: Date) {
    const { id } = this.needParty();
    const options = await generateAuthenticationOptions({
      rpID: id,
      timeout: CEREMONY_MS,
      userVerification: 'required',
      ...(ceremony !== null && { allowCredentials: await this.known(ceremony.operatorId) }),
    });
    await keepChallenge(this.db, options.challenge, ceremony ?? SIGN_IN, now);
    return { ...options };
  }

  /** Whose passkey has signed what it was asked to. @throws AppError invalid_sign_in, passkeys_unavailable */
  async readProof(assertion: PasskeyAssertion, ceremony: OwnCeremony | null, now: Date): Promise<SeenPasskey> {
    const { id: rpId, origin } = this.needParty();
    const { clientDataJSON, userHandle } = assertion.response;
    const expectedChallenge = await takeChallenge(this.db, clientDataJSON, ceremony ?? SIGN_IN, now);
    const row = await this.db.passkey.findUnique({ where: { credentialId: assertion.id } });
    if (row === null) throw invalidProof('an unknown passkey');
    const { id, operatorId, publicKey, counter } = row;
    if (ceremony !== null && operatorId !== ceremony.operatorId) throw invalidProof('the passkey of another operator');
    // WebAuthn Level 3 §7.2 step 6: without a session the handle says whose it is, and must be right.
    const isHandleRight = userHandle == null ? ceremony !== null : userHandle === handleOf(operatorId);
    if (!isHandleRight) throw invalidProof('the user handle of somebody else, or none');
    const { verified, authenticationInfo } = await holds(() =>
      verifyAuthenticationResponse({
        response: assertion as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
        expectedChallenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        // A counter that does not grow is refused: the passkey may have been copied.
        credential: { id: row.credentialId, publicKey: Uint8Array.from(publicKey), counter: Number(counter) },
        requireUserVerification: true,
      }),
    );
    if (!verified) throw invalidProof('the signature is not the passkey’s');
    return { id, operatorId, counterBefore: counter, counter: authenticationInfo.newCounter };
  }

  /** Notes the use. False if the counter has moved since the proof was read. */
  async use(tx: Transaction, { id, counterBefore, counter }: SeenPasskey, now: Date): Promise<boolean> {
    const data = { counter: BigInt(counter), lastUsedAt: now };
    return (await tx.passkey.updateMany({ where: { id, counter: counterBefore }, data })).count === 1;
  }

  private async known(operatorId: string) {
    const rows = await this.db.passkey.findMany({ where: { operatorId }, orderBy: { id: 'asc' } });
    return rows.map(({ credentialId, transports }) => ({ id: credentialId, transports }));
  }

  private needParty(): RelyingParty {
    if (this.party !== null) return this.party;
    throw new AppError(
      'passkeys_unavailable',
      'Browsers give passkeys to a name on https, or to localhost. Set ISSUER_URL to such an address.',
    );
  }
}

const handleOf = (operatorId: string): string => Buffer.from(operatorId).toString('base64url');

// The library throws for whatever does not hold.
async function holds<Verified>(verify: () => Promise<Verified>): Promise<Verified> {
  try {
    return await verify();
  } catch (error) {
    throw invalidProof(error instanceof Error ? error.message : String(error));
  }
}
