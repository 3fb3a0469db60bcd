import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Key-encryption keys by id, in order: the first seals, every one opens. */
export type KeyEncryptionKeys = ReadonlyMap<string, Buffer>;

/** What is sealed cannot be opened, or what must be there sealed is not. No program starts then. */
export class SealError extends Error {}

/**
 * Parses `id:base64url(32 bytes)` entries, separated by commas or lines.
 * @throws SealError if there is none, an id appears twice, or a key is not 32 bytes
 */
export function parseKeys(list: string): KeyEncryptionKeys {
  const keys = new Map<string, Buffer>();
  for (const entry of list.split(/[\s,]+/).filter(Boolean)) {
    const [id, encoded, ...rest] = entry.split(':');
    const key = Buffer.from(encoded ?? '', 'base64url');
    if (!id || !/^[A-Za-z0-9_-]{1,32}$/.test(id) || rest.length > 0 || key.length !== 32) {
      throw new SealError('ENCRYPTION_KEYS: every entry is id:base64url of 32 bytes');
    }
    if (keys.has(id)) throw new SealError(`ENCRYPTION_KEYS: the id ${id} appears twice`);
    keys.set(id, key);
  }
  if (keys.size === 0) throw new SealError('ENCRYPTION_KEYS: there is no key');
  return keys;
}

/** A new entry for parseKeys. */
export const newKeyEntry = (id: string): string => `${id}:${randomBytes(32).toString('base64url')}`;

/**
 * Envelope encryption: a random data key seals the plaintext, the first key-encryption key seals the data key.
 * The purpose (for example `signing_key|<kid>`) is bound in, so that a sealed value cannot serve elsewhere.
 * @returns `v1.<key id>.<sealed data key>.<sealed plaintext>`
 */
export function seal(keys: KeyEncryptionKeys, purpose: string, plaintext: Buffer | string): string {
  const [first] = keys;
  if (first === undefined) throw new SealError('there is no key to seal with');
  const [id, key] = first;
  const dataKey = randomBytes(32);
  const parts = [
    'v1',
    id,
    encrypt(key, `${purpose}|${id}`, dataKey),
    encrypt(dataKey, purpose, Buffer.from(plaintext)),
  ];
  dataKey.fill(0);
  return parts.join('.');
}

/**
 * Opens what seal closed.
 * @throws SealError if the key is not in the list, the purpose differs, or a byte was changed
 */
export function unseal(keys: KeyEncryptionKeys, purpose: string, sealed: string): Buffer {
  const { id, dataKey, sealedText } = open(keys, purpose, sealed);
  try {
    return decrypt(dataKey, purpose, sealedText);
  } catch (cause) {
    throw notTheKey(id, cause);
  }
}

/**
 * Seals the data key again, under the first key. The sealed text stays as it is, byte for byte.
 * @returns `sealed` itself if it is under the first key already
 * @throws SealError as unseal
 */
export function rewrap(keys: KeyEncryptionKeys, purpose: string, sealed: string): string {
  const [first] = keys;
  if (first === undefined) throw new SealError('there is no key to seal with');
  const { id, dataKey, sealedText } = open(keys, purpose, sealed);
  const [newId, key] = first;
  return id === newId ? sealed : ['v1', newId, encrypt(key, `${purpose}|${newId}`, dataKey), sealedText].join('.');
}

function open(keys: KeyEncryptionKeys, purpose: string, sealed: string) {
  const [version, id, sealedKey, sealedText] = sealed.split('.');
  if (version !== 'v1' || !id || !sealedKey || !sealedText) throw new SealError('not a sealed value');
  const key = keys.get(id);
  if (key === undefined) throw new SealError(`ENCRYPTION_KEYS has no key ${id}, and something is sealed under it`);
  try {
    return { id, dataKey: decrypt(key, `${purpose}|${id}`, sealedKey), sealedText };
  } catch (cause) {
    throw notTheKey(id, cause);
  }
}

const notTheKey = (id: string, cause: unknown): SealError =>
  new SealError(`the key ${id} in ENCRYPTION_KEYS is not the one this was sealed with`, { cause });

function encrypt(key: Buffer, associated: string, plaintext: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(associated));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64url');
}

function decrypt(key: Buffer, associated: string, encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(associated))
    .setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}
