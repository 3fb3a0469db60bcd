import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.js';
import {
  formatSigner,
  NoteError,
  type NoteSigner,
  type NoteVerifier,
  parseSigner,
  parseVerifier,
} from './rules/signed-note.js';

type Settings = Pick<Config, 'AUDIT_CHECKPOINT_KEY' | 'BASTIONARY_DATA_DIR'>;

/** The first key signs; all verify, so that a new one can take over from an old one. */
export interface CheckpointKeys {
  readonly signer: NoteSigner;
  readonly verifiers: readonly NoteVerifier[];
}

const keyFile = (settings: Settings): string => join(settings.BASTIONARY_DATA_DIR, 'audit-checkpoint-key');

/**
 * The keys of the audit checkpoints: from AUDIT_CHECKPOINT_KEY, else from the data folder. Never from the database:
 * whoever can rewrite the log must not be able to sign it.
 * @throws ConfigError if there are none; they are never made here, since a new key would vouch for nothing old
 */
export function loadCheckpointKeys(settings: Settings): CheckpointKeys {
  const file = keyFile(settings);
  if (settings.AUDIT_CHECKPOINT_KEY === undefined && !existsSync(file))
    throw new ConfigError(`AUDIT_CHECKPOINT_KEY is not set and ${file} does not exist; restore it from a backup`);
  try {
    return parseKeys(settings.AUDIT_CHECKPOINT_KEY ?? readFileSync(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof NoteError)) throw cause;
    throw new ConfigError(`AUDIT_CHECKPOINT_KEY: ${cause.message}`, { cause });
  }
}

/**
 * Makes the key file, unless a key is set or there already.
 * @param isSigned whether there are checkpoints: then a missing key is lost, and no other may silently take its place
 * @throws ConfigError
 */
export function ensureCheckpointKeys(settings: Settings, isSigned: boolean): CheckpointKeys {
  const file = keyFile(settings);
  if (settings.AUDIT_CHECKPOINT_KEY === undefined && !existsSync(file) && !isSigned) {
    const name = `bastionary-audit-${randomBytes(6).toString('hex')}`;
    writeFileSync(file, `${formatSigner(name, randomBytes(32))}\n`, { mode: 0o600, flag: 'wx' });
  }
  return loadCheckpointKeys(settings);
}

function parseKeys(list: string): CheckpointKeys {
  const [first = '', ...others] = list.split(/[\s,]+/).filter(Boolean);
  const signer = parseSigner(first);
  const publicKeys = others.map((key) => (key.startsWith('PRIVATE+KEY+') ? parseSigner(key).publicKey : key));
  return { signer, verifiers: [signer.publicKey, ...publicKeys].map(parseVerifier) };
}
