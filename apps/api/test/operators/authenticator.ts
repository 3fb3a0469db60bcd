import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

const base64url = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

interface Faults {
  origin?: string;
  rpId?: string;
  counter?: number;
  flags?: number;
  challenge?: string;
  format?: string;
  userHandle?: string | null;
}

/** An authenticator in software (WebAuthn Level 3 §6): one passkey on ES256, with a counter. */
export class Authenticator {
  readonly id = randomBytes(32);
  counter = 0;
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;
  private userHandle = '';

  constructor(
    private readonly origin: string,
    private readonly rpId = new URL(origin).hostname,
  ) {
    ({ privateKey: this.privateKey, publicKey: this.publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  }

  /** Answers navigator.credentials.create. */
  create(options: { challenge: string; user: { id: string } }, faults: Faults = {}) {
    this.userHandle = options.user.id;
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' });
    // RFC 9053 §7.1: kty EC2, alg ES256, crv P-256, x, y
    const cose = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      Buffer.from(x, 'base64url'),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(y, 'base64url'),
    ]);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.id, cose]);
    const data = this.authenticatorData(USER_PRESENT | USER_VERIFIED | ATTESTED, faults, attested);
    const attestationObject = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text(faults.format ?? 'none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(data),
    ]);
    return this.credential({
      clientDataJSON: this.clientData('webauthn.create', options.challenge, faults),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    });
  }

  /** Answers navigator.credentials.get. */
  get(options: { challenge: string }, faults: Faults = {}) {
    this.counter++;
    const data = this.authenticatorData(USER_PRESENT | USER_VERIFIED, faults);
    const clientDataJSON = this.clientData('webauthn.get', options.challenge, faults);
    const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.credential({
      clientDataJSON,
      authenticatorData: base64url(data),
      signature: base64url(sign('sha256', signed, this.privateKey)),
      userHandle: faults.userHandle === undefined ? this.userHandle : faults.userHandle,
    });
  }

  private credential<Response>(response: Response) {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  private clientData(type: string, challenge: string, faults: Faults): string {
    const origin = faults.origin ?? this.origin;
    return base64url(JSON.stringify({ type, challenge: faults.challenge ?? challenge, origin, crossOrigin: false }));
  }

  private authenticatorData(flags: number, faults: Faults, attested = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(faults.counter ?? this.counter);
    return Buffer.concat([sha256(faults.rpId ?? this.rpId), Buffer.from([faults.flags ?? flags]), counter, attested]);
  }
}

// RFC 8949 §3.1: short texts, and byte strings of up to 65,535 bytes.
const text = (value: string): Buffer => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
const bytes = (value: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x59, value.length >> 8, value.length & 0xff]), value]);
