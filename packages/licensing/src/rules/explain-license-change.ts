import type { ExplainChange } from '@bastionary/contracts/explain';
import { toInstant } from '@bastionary/contracts/text';
import { resumeCustomer } from '@bastionary/entitlements/rules/explain-entitlement-change';
import { lifeAt, renewedExpiry } from './expiry.js';
import { denialsOf, type ExplainedLicense, type ExplainedMachine } from './explain-license.js';
import { afterHeartbeat, holdsSeat } from './heartbeat.js';
import { effectiveLimits, LIMIT_CODES, leastLimit, refusedLimit } from './limits.js';
import { neededMatches } from './matching.js';

interface Moments {
  readonly now: Date;
  readonly at: Date;
  /** What is given only for a time is given until then. */
  readonly until: Date;
}

/**
 * What would make a licence valid at an instant, in the order in which it must be done; null if nothing here can: it is
 * revoked, or its subscription does not entitle to it and no payment would change that.
 * @param payments what pays all that is overdue of the subscription that issued it
 */
export function licenseChanges(
  license: ExplainedLicense,
  fingerprint: string | undefined,
  moments: Moments,
  payments: readonly ExplainChange[],
): ExplainChange[] | null {
  const denials = new Set(denialsOf(license, fingerprint, moments.at));
  const isUnpaid = license.suspensions.includes('subscription');
  if (denials.has('NOT_FOUND') || (isUnpaid && payments.length === 0)) return null;
  const machine = machineChanges(license, fingerprint, denials, moments.now);
  if (machine === null) return null;
  // When a licence of a subscription ends, and how many seats it has, that says.
  const { source } = license;
  const isEnded = source !== null && denials.has('EXPIRED');
  const { renewal, expires_at } = denials.has('EXPIRED') && !isEnded ? newExpiry(license, moments) : {};
  const { max_machines, ...raised } = raisedLimits(license, denials, machine.seats);
  const patch = {
    ...(expires_at !== undefined && { expires_at }),
    ...(source === null && max_machines !== undefined && { max_machines }),
    ...raised,
  };
  return [
    ...(license.isOwnerSuspended && license.customerId !== null ? resumeCustomer(license.customerId, 'suspended') : []),
    ...(isUnpaid || isEnded ? payments : []),
    ...(isEnded && payments.length === 0 ? [subscriptionChange(source, 'goes on until then')] : []),
    ...(source !== null && max_machines !== undefined
      ? [subscriptionChange(source, `has a quantity of ${max_machines}`)]
      : []),
    ...(license.suspensions.includes('operator') ? [actOn(license, 'reinstate')] : []),
    ...(renewal ? [actOn(license, 'renew')] : []),
    ...(Object.keys(patch).length > 0 ? [update(license, patch)] : []),
    ...(denials.has('OVERDUE') ? [checkIn(license)] : []),
    ...machine.changes,
  ];
}

const ACTS = {
  reinstate: ['reinstate_license', 'Take back the suspension by an operator'],
  renew: ['renew_license', 'Renew the licence by the duration of its policy'],
} as const;

function actOn({ id }: ExplainedLicense, act: keyof typeof ACTS): ExplainChange {
  const [name, detail] = ACTS[act];
  const request = { method: 'POST' as const, path: `/api/licenses/${id}/${act}`, body: {} };
  return { act: name, target: id, detail: `${detail}.`, request };
}

const update = ({ id }: ExplainedLicense, body: Record<string, string | number>): ExplainChange => ({
  ...{ act: 'update_license', target: id },
  detail: `Give this licence ${Object.entries(body)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}.`,
  request: { method: 'PATCH', path: `/api/licenses/${id}`, body },
});

const checkIn = ({ id }: ExplainedLicense): ExplainChange => ({
  ...{ act: 'check_in_license', target: id, request: null },
  detail: 'Let the program check in.',
});

const subscriptionChange = (
  { subscription, plan }: NonNullable<ExplainedLicense['source']>,
  what: string,
): ExplainChange => ({
  ...{ act: 'update_subscription', target: subscription, request: null },
  detail: `Change subscription ${subscription} so that ${plan} ${what}.`,
});

/** A renewal if one is enough, else an expiry that is far enough away. */
function newExpiry({ terms, expiresAt }: ExplainedLicense, { now, at, until }: Moments) {
  const renewed = renewedExpiry(terms, expiresAt, now);
  return typeof renewed !== 'string' && lifeAt(terms, renewed, at) !== 'expired'
    ? { renewal: true }
    : { expires_at: toInstant(until) };
}

/** The limits that are exceeded, as high as they must be. @param seats how many more machines there will be */
function raisedLimits(
  { terms, used, limits }: ExplainedLicense,
  denials: ReadonlySet<string>,
  seats: number,
): Record<string, number> {
  const names = (Object.keys(LIMIT_CODES) as (keyof typeof LIMIT_CODES)[]).filter((name) =>
    denials.has(LIMIT_CODES[name]),
  );
  const raised = names.map((name) => [name, leastLimit(used[name], terms.overage_strategy)] as const);
  const hasRoom =
    seats === 0 ||
    refusedLimit(effectiveLimits(terms, limits), terms.overage_strategy, used, { max_machines: seats }) === null;
  const isLocked = !terms.floating;
  return Object.fromEntries(
    [
      ...raised,
      ...(hasRoom ? [] : [['max_machines', leastLimit(used.max_machines + seats, terms.overage_strategy)] as const]),
    ].filter(([name]) => !(isLocked && name === 'max_machines')),
  );
}

interface MachineChanges {
  readonly changes: readonly ExplainChange[];
  /** How many more seats are taken in the end. */
  readonly seats: number;
}

/** What is done with machines; null if they cannot help. */
function machineChanges(
  license: ExplainedLicense,
  fingerprint: string | undefined,
  denials: ReadonlySet<string>,
  now: Date,
): MachineChanges | null {
  const { terms, all } = license;
  const isMissing = ['NO_MACHINE', 'NO_MACHINES', 'FINGERPRINT_SCOPE_MISMATCH'].some((code) => denials.has(code));
  if (isMissing && fingerprint !== undefined && neededMatches(terms.machine_matching_strategy, 1) > 1) return null;
  const machine = all.find((one) => one.fingerprint === fingerprint);
  const isDead = machine !== undefined && denials.has('HEARTBEAT_DEAD');
  const isLost = isDead && afterHeartbeat(terms, machine, now) === 'dead';
  const isSilent = !isLost && machine !== undefined && (isDead || denials.has('HEARTBEAT_NOT_STARTED'));
  const isHeld = machine !== undefined && holdsSeat(terms, machine, now);
  const seats = isMissing || ((isLost || isSilent) && !isHeld) ? 1 : 0;
  const holding = all.filter((one) => holdsSeat(terms, one, now));
  const others = fingerprint === undefined ? holding.slice(1) : holding.filter((one) => one !== machine);
  // Of a licence for one machine, whoever else has it must go.
  const isCrowded = !terms.floating && (seats > 0 || denials.has('TOO_MANY_MACHINES'));
  const removed = [...(isLost && isHeld ? [machine] : []), ...(isCrowded ? others : [])];
  return {
    changes: [
      ...removed.map((one) => deactivate(license, one)),
      ...(isMissing || isLost ? activate(license, fingerprint) : []),
      ...(isSilent ? [ping(machine)] : []),
    ],
    seats,
  };
}

function activate({ id, terms }: ExplainedLicense, fingerprint: string | undefined): ExplainChange[] {
  const path = `/api/licenses/${id}/machines`;
  const request = fingerprint === undefined ? null : { method: 'POST' as const, path, body: { fingerprint } };
  const activation: ExplainChange = { act: 'activate_machine', target: id, detail: 'Activate the machine.', request };
  if (!terms.require_heartbeat) return [activation];
  const detail = 'Let the program send heartbeats from that machine.';
  return [activation, { act: 'ping_machine', target: id, detail, request: null }];
}

const deactivate = ({ id }: ExplainedLicense, machine: ExplainedMachine): ExplainChange => ({
  ...{ act: 'deactivate_machine', target: machine.id },
  detail: `Deactivate machine ${machine.id}: it holds the seat.`,
  request: { method: 'DELETE', path: `/api/licenses/${id}/machines/${machine.id}`, body: null },
});

const ping = ({ id }: ExplainedMachine): ExplainChange => ({
  ...{ act: 'ping_machine', target: id, request: null },
  detail: 'Let the program send a heartbeat from that machine.',
});
