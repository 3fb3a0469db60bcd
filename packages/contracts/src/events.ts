import { z } from 'zod';

/** Everything that can be subscribed to. The names are stable; `data` may gain members. */
export const EVENT_TYPES = {
  'client.created': 'A client was registered',
  'client.updated': 'Name, scopes, expiry or metadata of a client changed; `changes` says from what to what',
  'client.suspended': 'A client was suspended: it gets no token',
  'client.resumed': 'A suspended client may work again',
  'client.expired': 'A client passed its expiry',
  'client.deleted': 'A client was deleted; its tokens are dead',
  'client.secret_rotated': 'A client got a new secret in place of the old ones',
  'client.expiry_warning': 'A client ends in 30, 7 or 1 days',
  'credential.added': 'A client got one more credential',
  'credential.changed': 'Label or validity of a credential changed',
  'credential.deleted': 'A credential was deleted',
  'credential.expiry_warning': 'A credential ends in 30, 7 or 1 days',
  'token.revoked': 'One access token was revoked',
  'tokens.revoked':
    'All tokens issued before an instant were revoked, by client, credential, family, resource, key or all',
  'refresh_token.reused': 'A refresh token was used twice, so its family ended: somebody may have stolen it',
  'resource.created': 'A protected API was registered',
  'resource.changed': 'Name, scopes or token settings of a resource changed',
  'resource.deleted': 'A resource was deleted',
  'signing_key.rotated': 'Another key signs from now on',
  'customer.created': 'A customer was registered',
  'customer.updated': 'Data of a customer changed',
  'customer.suspended': 'A customer was suspended: its clients get no token',
  'customer.resumed': 'A suspended customer may work again',
  'customer.payment_method_changed': 'A customer has another payment method at Stripe, or none any more',
  'payment.failed': 'Stripe could not collect an invoice: `reason` says why, `next_attempt_at` when it is tried again',
  'feature.created': 'A feature was added; every customer has it at once, with its default',
  'feature.updated': 'Name, default or description of a feature changed',
  'feature.deleted': 'A feature was removed; it is gone from every snapshot',
  'plan.created': 'A plan or an add-on was made; what it grants stands in its versions',
  'plan.updated': 'Name or description of a plan changed',
  'plan_version.created': 'A plan got a further version',
  'plan_version.updated': 'A draft grants or costs something else now',
  'plan_version.published': 'A version of a plan can be subscribed to, and never changes any more',
  'plan_version.retired': 'A version of a plan takes no new subscription',
  'catalogue.applied': 'A catalogue document was applied; an event for each of its changes comes with it',
  'meter.created': 'A meter was made; what it counts never changes',
  'meter.updated': 'Name, description or unit of a meter changed, or it was archived or taken back',
  'usage.threshold_reached': 'Usage of a customer reached a threshold: told once in each of its windows',
  'override.set': 'A customer got an exception, or another one',
  'override.deleted': 'The exception of a customer was taken back',
  'subscription.created': 'A customer subscribed to a plan',
  'subscription.started': 'The start of a subscription has come',
  'subscription.updated':
    'Plan, quantity or add-ons of a subscription changed, or something about it was arranged for later',
  'subscription.change_applied': 'A change that was arranged took effect',
  'subscription.trial_ended': 'The trial of a subscription ended, and it goes on',
  'subscription.past_due': 'A payment is due; the subscription works on while the grace lasts',
  'subscription.suspended': 'A subscription was suspended, by an operator or because the grace is over',
  'subscription.reinstated': 'A suspended or past due subscription is in order again',
  'subscription.paused': 'A subscription was paused',
  'subscription.resumed': 'A paused subscription goes on',
  'subscription.canceled': 'A subscription ended',
  'invoice.dunned': 'A step was taken because an invoice is overdue: `act` is remind, past_due or suspend',
  'dunning_policy.updated': 'What happens to whoever does not pay changed',
  'invoice.drafted': 'A draft was made: what a customer is to be asked for',
  'invoice.draft_updated': 'A draft says something else now, or goes out at another time',
  'invoice.draft_deleted': 'A draft was withdrawn, or nothing is left of it',
  'billing_profile.updated': 'How a customer is billed changed',
  'coupon.created': 'A coupon was made',
  'coupon.retired': 'A coupon is given to nobody any more; who has it keeps it',
  'coupon.applied': 'A customer got a coupon',
  'coupon.removed': 'The coupon of a customer was taken back',
  'tax_rate.created': 'A tax rate is in force',
  'tax_rate.retired': 'A tax rate is in force no longer',
  'credit.granted': 'A customer got prepaid money',
  'credit.expired': 'Prepaid money that was left expired',
  'credit.voided': 'Prepaid money that was left was taken back',
  'invoice.finalized': 'An invoice got its number and is due; it never changes any more',
  'invoice.paid': 'Nothing is owed for an invoice any more',
  'invoice.voided': 'An invoice was declared void; `rebill` says whether what it asked for is owed again',
  'invoice.marked_uncollectible': 'What is owed for an invoice is not expected any more',
  'payment.received': 'Money came in; what nobody owed went into the wallet',
  'payment.refunded': 'Money went back, or is on its way; `status` says which',
  'credit_note.issued': 'A part of an invoice, or all of it, was taken back',
  'entitlements.changed':
    'What a customer may do changed: a new epoch of its snapshot, as GET /api/customers/{id}/entitlements answers it',
  'license_policy.created': 'A licence policy was made',
  'license_policy.updated': 'What the licences under a policy may do changed',
  'license.created': 'A licence was issued',
  'license.updated': 'Limits, expiry, users, entitlements or policy of a licence changed',
  'license.suspended':
    'A licence was suspended: `by` says because of an operator, or because its subscription does not entitle now',
  'license.reinstated': 'A suspension of a licence was taken back; `suspensions` are those that are left',
  'license.renewed': 'A licence lasts longer',
  'license.expired': 'A licence passed its expiry; whether it still works, its policy says',
  'license.revoked': 'A licence ended for ever; its key is on the revocation list',
  'license.reissued': 'A licence got another key; the old one is on the revocation list',
  'machine.activated': 'A machine took a seat',
  'machine.updated': 'What is known of a machine changed, or a component of it was added or removed',
  'machine.deactivated': 'The seat of a machine was given back, or taken from a dead one',
  'machine.died': 'A machine missed its heartbeat: told once in each of its lives',
  'machine.revived': 'A dead machine sent a heartbeat in time to come back',
  'license_key.rotated': 'Another key signs licences from now on; the key set has a further version',
  'flag.created': 'A flag was made',
  'flag.updated': 'Variants or description of a flag changed',
  'flag.archived': 'A flag was archived: it is served no more',
  'flag.restored': 'An archived flag is served again',
  'flag.targeting_changed': 'A flag does something else in an environment; `cause` says by whom or why',
  'flag.change_scheduled': 'It was arranged that a flag changes at an instant',
  'flag.change_canceled': 'An arranged change of a flag was taken back',
  'flag.change_failed': 'An arranged change of a flag could not be made; `reason` says why',
  'environment.created': 'An environment for flags was made',
  'environment.updated': 'The name of an environment changed',
  'environment.deleted': 'An environment was deleted, with what flags did there',
  'segment.created': 'A segment was made',
  'segment.updated': 'Who is in a segment changed',
  'segment.deleted': 'A segment was deleted',
  'flag_client_key.created': 'A public key for flags was made',
  'flag_client_key.revoked': 'A public key for flags works no more',
  'webhook_endpoint.disabled': 'An endpoint was disabled because it failed for days, or said that it is gone',
  'webhook.test': 'Sent on request, to the one endpoint that is tested',
} as const;
export type EventType = keyof typeof EVENT_TYPES;

const names = Object.keys(EVENT_TYPES) as EventType[];
const families = new Set(names.map((name) => name.slice(0, name.indexOf('.'))));

/** A type, all types of a family (`client.*`), or `*`. */
export const eventPattern = z
  .string()
  .max(100)
  .refine(
    (pattern) =>
      pattern === '*' ||
      Object.hasOwn(EVENT_TYPES, pattern) ||
      (pattern.endsWith('.*') && families.has(pattern.slice(0, -2))),
    'is not a type of event; GET /api/event-types lists them, and * stands for all of a family: client.*',
  );

/** The body of every delivery. `id` is also its `webhook-id`: the same at every attempt and replay. */
export const event = z
  .object({
    id: z.string(),
    type: z.string(),
    timestamp: z.string().describe('When it happened'),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof event>;

export const eventTypeList = z
  .object({ data: z.array(z.object({ type: z.string(), description: z.string() })) })
  .meta({ id: 'EventTypeList' });
export type EventTypeList = z.infer<typeof eventTypeList>;
