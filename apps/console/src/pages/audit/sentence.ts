import type { AuditRecord } from '@bastionary/contracts/audit';

const PHRASES: Record<string, string> = {
  'client.created': 'created the client',
  'client.updated': 'changed the client',
  'client.suspended': 'suspended the client',
  'client.resumed': 'resumed the client',
  'client.expired': 'marked the client as expired',
  'client.deleted': 'deleted the client',
  'client.secret_rotated': 'rotated the secret',
  'credential.added': 'added a credential',
  'credential.changed': 'changed a credential',
  'credential.deleted': 'deleted a credential',
  'resource.created': 'created the resource',
  'resource.changed': 'changed the resource',
  'resource.deleted': 'deleted the resource',
  'token.revoked': 'revoked a token',
  'tokens.revoked_by_client': 'revoked all tokens of the client',
  'tokens.revoked_by_credential': 'revoked all tokens got with a credential',
  'tokens.revoked_by_resource': 'revoked all tokens for the resource',
  'tokens.revoked_by_signing_key': 'revoked all tokens of a signing key',
  'tokens.revoked_by_installation': 'revoked all tokens there are',
  'refresh_token.revoked': 'revoked a refresh token',
  'refresh_token.reused': 'used a refresh token twice, which ended its family',
  'client.expiry_warning': 'warned that the client expires soon',
  'credential.expiry_warning': 'warned that a credential expires soon',
  'encryption_key.rewrapped': 'sealed the keys under another encryption key',
  'signing_key.created': 'created a signing key',
  'signing_key.activated': 'put a signing key to use',
  'signing_key.retiring': 'stopped signing with a key',
  'signing_key.retired': 'retired a signing key',
  'signing_key.rotation_requested': 'asked for a new signing key',
  'customer.created': 'created the customer',
  'customer.updated': 'changed the customer',
  'customer.suspended': 'suspended the customer',
  'customer.resumed': 'resumed the customer',
  'override.set': 'set an override',
  'override.deleted': 'removed an override',
  'feature.created': 'created the feature',
  'feature.updated': 'changed the feature',
  'feature.deleted': 'deleted the feature',
  'plan.created': 'created the plan',
  'plan.updated': 'changed the plan',
  'plan_version.created': 'added a version to the plan',
  'plan_version.updated': 'changed a draft of the plan',
  'plan_version.published': 'published a version of the plan',
  'plan_version.retired': 'retired a version of the plan',
  'license_policy.created': 'created the licence policy',
  'license_policy.updated': 'changed the licence policy',
  'license.created': 'issued the licence',
  'license.updated': 'changed the licence',
  'license.suspended': 'suspended the licence',
  'license.reinstated': 'reinstated the licence',
  'license.renewed': 'renewed the licence',
  'license.expired': 'noted that the licence expired',
  'license.revoked': 'revoked the licence',
  'license.reissued': 'gave the licence another key',
  'machine.activated': 'activated a machine',
  'machine.deactivated': 'gave the seat of a machine back',
  'license_key.rotated': 'rotated a key that signs licences',
  'operator.link_created': 'made a sign-in link',
  'operator.link_used': 'used a sign-in link',
  'operator.password_set': 'set a password',
  'operator.signed_in': 'signed in',
  'operator.signed_out': 'signed out',
};

/** `session.signed_in` → `session signed in`: readable, also for what this console does not know yet. */
const spelledOut = (action: string) => action.replaceAll(/[._]/g, ' ');

const isChange = (value: unknown): value is { from: unknown; to: unknown } =>
  typeof value === 'object' && value !== null && 'from' in value && 'to' in value;

const listed = (names: string[]) => names.map((name) => name.replaceAll('_', ' ')).join(' and ');

/** What was done, as the end of a sentence that begins with who did it. */
export const actionPhrase = ({ action, detail }: AuditRecord) => {
  const known = PHRASES[action];
  if (!known) return `did: ${spelledOut(action)}`;
  const changed = Object.keys(detail).filter((name) => isChange(detail[name]));
  if (action === 'client.updated' && changed.length > 0) return `changed the client’s ${changed.join(' and ')}`;
  if (action === 'customer.updated' && changed.length > 0) return `changed the customer’s ${listed(changed)}`;
  return typeof detail.feature === 'string' ? `${known} of ${detail.feature}` : known;
};

const shown = (value: unknown) => {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

export type DetailLine = { name: string; from?: string; value: string };

/** The detail of a record, one line a member. */
export const detailLines = ({ detail }: AuditRecord): DetailLine[] => {
  if (isChange(detail)) {
    const { from, to, ...rest } = detail as Record<string, unknown>;
    return [...linesOf(rest), { name: 'change', from: shown(from), value: shown(to) }];
  }
  return linesOf(detail);
};

const linesOf = (detail: AuditRecord['detail']): DetailLine[] =>
  Object.entries(detail).map(([name, value]) =>
    isChange(value) ? { name, from: shown(value.from), value: shown(value.to) } : { name, value: shown(value) },
  );
