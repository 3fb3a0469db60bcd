import { loadKeySet } from '@bastionary/oauth/actions/signing-keys';
import { loadEncryptionKeys } from '@bastionary/platform/encryption-keys';
import { connect } from '@bastionary/prisma/client';
import type { House } from '../support.js';
import { signed } from './signing.js';

export interface OwnKey {
  readonly kid: string;
  /** Its public half, as published. */
  readonly jwk: Record<string, unknown>;
  /** A JWT that this very installation could have signed: only what it says can be wrong. */
  sign(header: unknown, claims: unknown): string;
}

/** The signing key of a house, out of its database and data folder. */
export async function ownKey({ api }: House): Promise<OwnKey> {
  const connection = connect(api.databaseUrl, { applicationName: 'own-key', poolSize: 1 });
  try {
    const keys = loadEncryptionKeys({ ENCRYPTION_KEYS: undefined, BASTIONARY_DATA_DIR: api.dataDir });
    const { active, jwks } = await loadKeySet(connection.db, keys);
    const [jwk] = jwks.keys;
    const { kid, privateKey } = active;
    return {
      kid,
      jwk: { ...jwk },
      sign: (header, claims) => signed(header, claims, { alg: 'ES256', privateKey }),
    };
  } finally {
    await connection.close();
  }
}

interface Parts {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** What a JWT says. */
export function partsOf(token: string): Parts {
  const [header = '', claims = ''] = token.split('.');
  const parsed = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: parsed(header), claims: parsed(claims) };
}
