import type { ClientFacts } from './explain-client.js';

/** An audit record of a client. */
interface ClientRecord {
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The records that say whether a client is suspended. */
export const STANDINGS: readonly string[] = ['client.created', 'client.suspended', 'client.resumed'];
/** The records after which credentials are gone or end sooner, without saying what they were. */
export const REMOVALS: readonly string[] = ['credential.deleted', 'client.secret_rotated', 'client.deleted'];

// Names of the audit log to those of the facts.
const FIELDS: Record<string, string> = {
  name: 'name',
  expiry: 'expiry',
  scopes: 'scopes',
  resources: 'resources',
  token_endpoint_auth_method: 'authMethod',
  dpop_bound_access_tokens: 'dpopBound',
  allowed_addresses: 'allowedAddresses',
  rate_limit: 'rateLimit',
  token_quota: 'tokenQuota',
};
const VALIDITY: Record<string, string> = { not_before: 'notBefore', expires_at: 'expiresAt' };
const INSTANTS = new Set(['expiry', 'notBefore', 'expiresAt']);

/**
 * A client as it was before these records: each says from what to what it changed. Credentials that have gone are not in it.
 * @param later the newest first
 * @param standing the last of `STANDINGS` before them
 */
export function clientAsOf<Facts extends ClientFacts>(
  present: Facts,
  later: readonly ClientRecord[],
  standing: string | undefined,
): Facts {
  const past = { ...present, status: standing === 'client.suspended' ? 'suspended' : 'active' };
  const credentials = new Map(present.credentials.map((one) => [one.id, one]));
  for (const { action, detail } of later) {
    if (action === 'credential.changed') {
      const one = credentials.get(String(detail.credential));
      if (one !== undefined) credentials.set(one.id, { ...one, ...before(detail, VALIDITY) });
    } else {
      Object.assign(past, before(detail, FIELDS));
    }
  }
  return { ...past, credentials: [...credentials.values()] };
}

// What the changed fields were, by the names of the facts.
function before(detail: ClientRecord['detail'], names: Readonly<Record<string, string>>): Record<string, unknown> {
  const changes = Object.entries(detail).flatMap(([name, change]) => {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined || !isChange(change)) return [];
    return [
      [known, INSTANTS.has(known) && change.from !== null ? new Date(String(change.from)) : change.from] as const,
    ];
  });
  return Object.fromEntries(changes);
}

const isChange = (value: unknown): value is { from: unknown } =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value;
