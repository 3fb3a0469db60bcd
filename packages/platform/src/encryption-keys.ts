import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { type KeyEncryptionKeys, newKeyEntry, parseKeys, SealError } from './seal.js';

type Settings = Pick<Config, 'ENCRYPTION_KEYS' | 'BASTIONARY_DATA_DIR'>;

const keysFile = (settings: Settings): string => join(settings.BASTIONARY_DATA_DIR, 'encryption-keys');

/**
 * The key-encryption keys: from ENCRYPTION_KEYS, else from the data folder.
 * @throws SealError if there are none; they are never made here, since new keys over old data would lose it
 */
export function loadEncryptionKeys(settings: Settings): KeyEncryptionKeys {
  if (settings.ENCRYPTION_KEYS !== undefined) return parseKeys(settings.ENCRYPTION_KEYS);
  const file = keysFile(settings);
  if (!existsSync(file)) {
    throw new SealError(
      `ENCRYPTION_KEYS is not set and ${file} does not exist. Restore it from a backup: without it nothing sealed can be opened.`,
    );
  }
  return parseKeys(readFileSync(file, 'utf8'));
}

/** Makes the key file of a new installation, unless keys are set or there already. */
export function ensureEncryptionKeys(settings: Settings): KeyEncryptionKeys {
  const file = keysFile(settings);
  if (settings.ENCRYPTION_KEYS === undefined && !existsSync(file)) {
    writeFileSync(file, `${newKeyEntry('k1')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return loadEncryptionKeys(settings);
}
