import type { LicenseAlgorithm, LicenseJwk } from '@bastionary/contracts/license-keys';

export const ALGORITHM_WORDS: Record<LicenseAlgorithm, string> = {
  ed25519: 'Ed25519',
  'ecdsa-p256': 'ECDSA P-256',
  'rsa-2048': 'RSA 2048',
};

const KEY_TYPES: Record<string, LicenseAlgorithm> = { OKP: 'ed25519', EC: 'ecdsa-p256', RSA: 'rsa-2048' };

/** What a published key is of (RFC 7518, section 6.1; RFC 8037). */
export const algorithmOf = ({ kty }: Pick<LicenseJwk, 'kty'>): LicenseAlgorithm | undefined => KEY_TYPES[kty];
