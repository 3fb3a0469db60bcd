import type { Credential } from '@bastionary/contracts/credentials';
import { formatDateTime, formatRelative } from '../../../../ui/time';

export const KIND_NAMES: Record<Credential['kind'], string> = {
  secret: 'secret',
  public_key: 'public key',
  jwks_uri: 'keys at an address',
};

/** What people call it: its label, or else what can be recognised of it. */
export const nameOf = ({ label, kind, kid, hint }: Credential) => {
  const [first = '', ...rest] = KIND_NAMES[kind];
  return label ?? `${first.toUpperCase()}${rest.join('')} ${kid ?? hint}`;
};

/** Where it came from. */
export const originOf = ({ kind, generated }: Credential) => {
  if (kind !== 'secret') return 'given by the client';
  return generated ? 'generated, 256 random bits' : 'chosen, not generated';
};

/** When it counts, in one sentence. */
export const validityOf = ({ not_before, expires_at, status }: Credential) => {
  if (status === 'not_yet_valid' && not_before) return `counts from ${formatDateTime(not_before)}`;
  if (!expires_at) return 'does not expire';
  const at = `${formatDateTime(expires_at)} (${formatRelative(expires_at)})`;
  return status === 'expired' ? `expired ${at}` : `until ${at}`;
};

const DAY = 86_400_000;

/** Close enough to its end to say so; warnings go out 30, 7 and 1 days before. */
export const isExpiring = ({ expires_at, status }: Credential, now: number) =>
  status === 'active' && expires_at !== null && Date.parse(expires_at) - now < 30 * DAY;
