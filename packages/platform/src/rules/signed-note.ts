import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

// Signed notes as C2SP signed-note has them: a text, an empty line, a line per signature. Ed25519 is type 1.
const ED25519 = Buffer.of(1);
const NAME = /^[^\s+]{1,200}$/u;
const PRIVATE_KEY_DER = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_KEY_DER = Buffer.from('302a300506032b6570032100', 'hex');

export class NoteError extends Error {}

/** A key that signs, with the name it signs under. */
export interface NoteSigner {
  readonly name: string;
  /** The verifier's key in its usual form: `name+hash+base64` */
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** A key that verifies notes of one name. */
export interface NoteVerifier {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

const keyId = (name: string, publicKey: Buffer): Buffer =>
  createHash('sha256').update(`${name}\n`).update(ED25519).update(publicKey).digest().subarray(0, 4);

const rawPublicKey = (privateKey: KeyObject): Buffer =>
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_KEY_DER.length);

function keyBytes(encoded: string): Buffer | null {
  const bytes = Buffer.from(encoded, 'base64');
  const isKey = bytes.length === 33 && bytes[0] === ED25519[0] && bytes.toString('base64') === encoded;
  return isKey ? bytes.subarray(1) : null;
}

/**
 * The text form of a signing key, `PRIVATE+KEY+name+hash+base64`.
 * @param seed 32 random bytes
 * @throws NoteError if the name has spaces or a plus
 */
export function formatSigner(name: string, seed: Buffer): string {
  if (!NAME.test(name) || seed.length !== 32) throw new NoteError('a name without spaces and plus, and 32 bytes');
  const privateKey = createPrivateKey({ key: Buffer.concat([PRIVATE_KEY_DER, seed]), format: 'der', type: 'pkcs8' });
  const id = keyId(name, rawPublicKey(privateKey)).toString('hex');
  return `PRIVATE+KEY+${name}+${id}+${Buffer.concat([ED25519, seed]).toString('base64')}`;
}

/** @throws NoteError if the text is no signing key, or was mistyped */
export function parseSigner(text: string): NoteSigner {
  const [, name = '', id = '', encoded = ''] =
    /^PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim()) ?? [];
  const bytes = keyBytes(encoded);
  if (bytes === null) throw new NoteError('not a signing key: PRIVATE+KEY+name+hash+base64, with Ed25519');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PRIVATE_KEY_DER, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = rawPublicKey(privateKey);
  const known = keyId(name, publicKey).toString('hex');
  if (known !== id) throw new NoteError('the signing key does not fit its hash: it was not copied whole');
  return {
    name,
    privateKey,
    publicKey: `${name}+${id}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`,
  };
}

/** @throws NoteError if the text is no verifier's key (`name+hash+base64`, Ed25519), or was mistyped */
export function parseVerifier(text: string): NoteVerifier {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim()) ?? [];
  const raw = keyBytes(encoded);
  if (raw === null) throw new NoteError('not a public key: name+hash+base64, with Ed25519');
  const known = keyId(name, raw);
  if (known.toString('hex') !== id)
    throw new NoteError('the public key does not fit its hash: it was not copied whole');
  return {
    name,
    id: known,
    publicKey: createPublicKey({ key: Buffer.concat([PUBLIC_KEY_DER, raw]), format: 'der', type: 'spki' }),
  };
}

/** Signs a text of whole lines. @returns the note */
export function signNote(text: string, { name, publicKey, privateKey }: NoteSigner): string {
  const signature = Buffer.concat([parseVerifier(publicKey).id, sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${name} ${signature.toString('base64')}\n`;
}

/**
 * The text of a note that carries a good signature of one of the verifiers. Signatures of unknown keys are passed over.
 * @throws NoteError if there is none, or a known key's is wrong
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): string {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new NoteError('not a signed note');
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, encoded = ''] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
    const bytes = Buffer.from(encoded, 'base64');
    if (name === undefined || bytes.length < 5 || bytes.toString('base64') !== encoded)
      throw new NoteError('not a signed note');
    const known = verifiers.find((one) => one.name === name && one.id.equals(bytes.subarray(0, 4)));
    if (known === undefined) continue;
    if (!verify(null, Buffer.from(text), known.publicKey, bytes.subarray(4)))
      throw new NoteError(`the signature of ${name} is wrong`);
    signed = true;
  }
  if (!signed) throw new NoteError('no signature of a known key');
  return text;
}
