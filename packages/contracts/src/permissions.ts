import type { Role } from './operators.js';

/** The scopes of the management API: what a client's token or an operator's role may carry. */
export const MANAGEMENT_SCOPES = {
  'clients:read': 'See clients, resources, scopes and their use',
  'clients:write': 'Create, change, suspend and delete clients; rotate their secrets',
  'resources:write': 'Create, change and delete resources and their scopes',
  'failures:read': 'See why requests of clients were refused',
  'tokens:read': 'Inspect a token and see why it is valid or not',
  'tokens:introspect': 'Introspect the tokens of every client at the introspection endpoint',
  'tokens:write': 'Revoke tokens of any client',
  'revocations:write': 'Revoke all tokens of a client, a credential, a resource, a key or the installation',
  'keys:read': 'See signing keys',
  'keys:write': 'Rotate signing keys, as planned or in an emergency',
  'customers:read': 'See customers',
  'customers:write': 'Create, change, suspend and resume customers',
  'catalogue:read': 'See features, plans and prices',
  'catalogue:write': 'Create and change features, plans and prices',
  'subscriptions:read': 'See subscriptions',
  'subscriptions:write': 'Create, change, pause and cancel subscriptions',
  'entitlements:read': 'See what customers may do, now and in the past, and how much of their limits is used',
  'entitlements:write': 'Set and remove exceptions for single customers',
  'quotas:write': "Reserve, commit and release parts of customers' limits",
  'usage:read': 'See usage events and what meters made of them',
  'usage:write': 'Send usage events',
  'invoices:read': 'See invoices, credit notes and payments',
  'invoices:write': 'Make, finalize and void invoices; issue credit notes',
  'payments:write': 'Record payments and refunds',
  'billing:read': 'See coupons, taxes, wallets, dunning and the billing data of customers',
  'billing:write': 'Change coupons, taxes, wallets, dunning and the billing data of customers',
  'revenue:read': 'See revenue, receivables and reconciliation',
  'licenses:read': 'See licences with their keys, machines and policies',
  'licenses:write': 'Issue, change, suspend, renew and revoke licences; activate machines',
  'license_policies:write': 'Create and change licence policies and products',
  'license_keys:write': 'Rotate the keys that sign licences',
  'flags:read': 'See flags, environments, segments and how they are used',
  'flags:write': 'Create and change flags, what they do in environments, segments and public client keys',
  'flags:evaluate': "Evaluate the flags of the client's environment, and read its flag definitions",
  'explain:read': 'Ask why a request would be allowed or refused',
  'webhooks:read': 'See webhook endpoints and their deliveries, payloads included',
  'webhooks:write': 'Create, change, test and delete webhook endpoints; replay deliveries',
  'audit:read': 'Read the audit log',
  'operators:read': 'See operators, their roles and their sessions',
  'operators:write': 'Invite, change, suspend and delete operators; end their sessions',
} as const;
export type Permission = keyof typeof MANAGEMENT_SCOPES;

/**
 * Those that a client of a customer may hold: to read what is its customer's, and to take of its limits. Whatever it
 * holds, it reaches the routes that are open to customers only, and there its own customer's rows.
 */
export const CUSTOMER_SCOPES: readonly Permission[] = [
  'clients:read',
  'customers:read',
  'catalogue:read',
  'subscriptions:read',
  'entitlements:read',
  'quotas:write',
  'usage:read',
  'usage:write',
  'invoices:read',
  'licenses:read',
  'flags:evaluate',
  'explain:read',
  'webhooks:read',
];

/** Whether a customer's client may hold a scope. Those of other resources are for their owners to give. */
export const isForCustomers = (scope: string): boolean =>
  !Object.hasOwn(MANAGEMENT_SCOPES, scope) || CUSTOMER_SCOPES.includes(scope as Permission);

const everything = Object.keys(MANAGEMENT_SCOPES) as Permission[];
// What is agreed with customers is for those who deal with them.
const commercial: readonly Permission[] = [
  'customers:write',
  'subscriptions:write',
  'invoices:write',
  'payments:write',
  'billing:write',
  'revenue:read',
];
const readOnly = everything.filter((scope) => scope.endsWith(':read'));

/** What each operator role may do. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  owner: everything,
  admin: everything,
  developer: everything.filter(
    (scope) => scope !== 'audit:read' && !scope.startsWith('operators:') && !commercial.includes(scope),
  ),
  finance: [
    'clients:read',
    'customers:read',
    'customers:write',
    'catalogue:read',
    'catalogue:write',
    'subscriptions:read',
    'subscriptions:write',
    'entitlements:read',
    'usage:read',
    'usage:write',
    'invoices:read',
    'invoices:write',
    'payments:write',
    'billing:read',
    'billing:write',
    'revenue:read',
    'licenses:read',
    'explain:read',
  ],
  auditor: readOnly,
};

/**
 * Whether somebody may give a role, or do anything to an operator who has it: nobody hands out more than they hold, and
 * an owner is made and unmade by owners only.
 * @param own the role of the operator who asks; null for a client
 */
export function mayGrantRole(own: Role | null, permissions: ReadonlySet<string>, granted: Role): boolean {
  if (granted === 'owner') return own === 'owner';
  return ROLE_PERMISSIONS[granted].every((permission) => permissions.has(permission));
}
