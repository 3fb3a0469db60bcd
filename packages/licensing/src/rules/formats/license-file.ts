import { createCipheriv, createDecipheriv, createHash, type KeyObject } from 'node:crypto';
import { type SignatureAlgorithm, sign, signatureAlgorithmNamed } from './algorithms.js';
import { fromBase64, type JsonObject, jsonObjectFrom } from './base64.js';
import { type Refusal, refuse, shown } from './refusal.js';
import { findSigner, type TrustedKey } from './trusted-keys.js';

export type FileKind = 'license' | 'machine';

/** A JSON:API document as a file holds it; `kid` is added to `meta` when it is signed. */
export interface FilePayload {
  readonly data: object;
  readonly included?: readonly object[];
  readonly meta: object;
}

export interface FileSigning {
  readonly algorithm: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  /** Null: readable by everybody. `iv`: 12 bytes, never the same twice under one secret. */
  readonly encryption: { readonly secret: string; readonly iv: Uint8Array } | null;
}

const TITLES: Readonly<Record<FileKind, string>> = { license: 'LICENSE FILE', machine: 'MACHINE FILE' };
const LINE = 60;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
// A revocation list may be in it; what is longer costs nothing.
const LENGTH_MAX = 16_777_216;
const MEMBERS = ['enc', 'sig', 'alg', 'kid'];

/** What a file is encrypted with: a licence file with the key, a machine file with key and fingerprint together. */
export const fileSecret = (licenseKey: string, fingerprint: string | null): string => licenseKey + (fingerprint ?? '');

/** A licence or machine file in its armour: encrypted first if it is to be, then signed. */
export function makeLicenseFile(kind: FileKind, payload: FilePayload, signing: FileSigning): string {
  const { data, included, meta } = payload;
  const text = JSON.stringify({ data, included, meta: { ...meta, kid: signing.kid } });
  const enc = signing.encryption ? encrypt(text, signing.encryption) : Buffer.from(text).toString('base64');
  const sig = sign(signing.algorithm, signing.privateKey, Buffer.from(`${kind}/${enc}`)).toString('base64');
  const alg = `${signing.encryption ? CIPHER : 'base64'}+${signing.algorithm}`;
  const body = Buffer.from(JSON.stringify({ enc, sig, alg, kid: signing.kid })).toString('base64');
  const lines = body.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [`-----BEGIN ${TITLES[kind]}-----`, ...lines, `-----END ${TITLES[kind]}-----`, ''].join('\n');
}

export interface OpenedFile {
  readonly ok: true;
  /** Who signed. */
  readonly key: TrustedKey;
  readonly algorithm: SignatureAlgorithm;
  readonly encrypted: boolean;
  readonly payload: JsonObject;
}

/**
 * Verifies who signed a file, then decrypts and reads it, in this order; not whether it is expired or for whom it is.
 * `secret`: of `fileSecret`; null reads plain files only.
 */
export function openLicenseFile(
  kind: FileKind,
  text: string,
  keys: readonly TrustedKey[],
  secret: string | null,
): OpenedFile | Refusal {
  const envelope = readEnvelope(kind, text);
  if ('ok' in envelope) return envelope;
  const { enc, signature, algorithm, encrypted, kid } = envelope;
  const signer = findSigner(keys, { kid, algorithm, bytes: Buffer.from(`${kind}/${enc}`), signature });
  if (!signer.ok) return signer;
  if (encrypted && secret === null) return refuse('secret_missing', `This ${kind} file is encrypted.`);
  const bytes = encrypted ? decrypt(enc, secret ?? '') : fromBase64(enc);
  if (encrypted && bytes === null) return refuse('cannot_decrypt', `This ${kind} file is encrypted for another.`);
  const payload = jsonObjectFrom(bytes);
  if (payload === null) return refuse('malformed', 'What it holds is not a JSON object in base64.');
  // What is signed says which key it was signed with: nobody can take the name off.
  const meta = payload.meta as JsonObject | undefined;
  if ((meta?.kid ?? null) !== kid)
    return refuse('bad_signature', 'It names another key than the one it was signed with.');
  return { ok: true, key: signer.key, algorithm, encrypted, payload };
}

interface Envelope {
  readonly enc: string;
  readonly signature: Buffer;
  readonly algorithm: SignatureAlgorithm;
  readonly encrypted: boolean;
  readonly kid: string | null;
}

function readEnvelope(kind: FileKind, text: string): Envelope | Refusal {
  if (text.length > LENGTH_MAX) return refuse('malformed', `It is longer than ${LENGTH_MAX} characters.`);
  const armour = /^-----BEGIN (LICENSE|MACHINE) FILE-----\r?\n([\s\S]*?)\r?\n-----END \1 FILE-----$/.exec(text.trim());
  if (!armour) return refuse('malformed', `It is not between BEGIN and END ${TITLES[kind]}.`);
  if (armour[1] !== kind.toUpperCase()) {
    return refuse('wrong_type', `It is a ${armour[1]?.toLowerCase()} file and not a ${kind} file.`);
  }
  // Line breaks change on the way through mail and editors, and carry nothing.
  const body = jsonObjectFrom(fromBase64(armour[2]?.replace(/\r?\n/g, '')));
  if (body === null) return refuse('malformed', 'What stands in it is not a JSON object in base64.');
  const extra = Object.keys(body).find((name) => !MEMBERS.includes(name));
  if (extra !== undefined) return refuse('malformed', `It has a member ${shown(extra)}, which no file has.`);
  const [encoding, name, more] = typeof body.alg === 'string' ? body.alg.split('+') : [];
  const algorithm = signatureAlgorithmNamed(name);
  if (algorithm === null || more !== undefined || !(encoding === 'base64' || encoding === CIPHER)) {
    return refuse('unknown_algorithm', `Its algorithm is ${shown(body.alg)}.`);
  }
  const signature = fromBase64(body.sig);
  const kid = body.kid ?? null;
  if (typeof body.enc !== 'string' || !signature || !(kid === null || typeof kid === 'string')) {
    return refuse('malformed', 'Its members enc, sig and kid are not what they should be.');
  }
  return { enc: body.enc, signature, algorithm, encrypted: encoding === CIPHER, kid };
}

const aesKey = (secret: string): Buffer => createHash('sha256').update(secret).digest();

function encrypt(text: string, { secret, iv }: { readonly secret: string; readonly iv: Uint8Array }): string {
  if (iv.length !== IV_BYTES) throw new RangeError(`The iv has ${IV_BYTES} bytes.`);
  const cipher = createCipheriv(CIPHER, aesKey(secret), iv);
  const parts = [Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]), Buffer.from(iv), cipher.getAuthTag()];
  return parts.map((part) => part.toString('base64')).join('.');
}

function decrypt(enc: string, secret: string): Buffer | null {
  const [ciphertext, iv, tag, ...more] = enc.split('.').map(fromBase64);
  if (!ciphertext || iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || more.length > 0) return null;
  try {
    const decipher = createDecipheriv(CIPHER, aesKey(secret), iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return null;
  }
}
