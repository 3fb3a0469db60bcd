import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { HeartbeatStatus } from '@bastionary/contracts/licenses';
import type { MachineLife } from './license-facts.js';

type HeartbeatTerms = Pick<
  PolicyTerms,
  | 'require_heartbeat'
  | 'heartbeat_duration'
  | 'heartbeat_basis'
  | 'heartbeat_cull_strategy'
  | 'heartbeat_resurrection_strategy'
>;

const DEFAULT_SECONDS = 600;

/** Seconds between two heartbeats at most. */
export const heartbeatSeconds = ({ heartbeat_duration }: Pick<HeartbeatTerms, 'heartbeat_duration'>): number =>
  heartbeat_duration ?? DEFAULT_SECONDS;

/** From what on a machine must send heartbeats: unless the policy says so, from its creation only if they are required. */
export const heartbeatBasis = (
  terms: Pick<HeartbeatTerms, 'heartbeat_basis' | 'require_heartbeat'>,
): 'FROM_CREATION' | 'FROM_FIRST_PING' =>
  terms.heartbeat_basis ?? (terms.require_heartbeat ? 'FROM_CREATION' : 'FROM_FIRST_PING');

/** Until when (inclusive) a machine lives that was activated just now; null: without heartbeats, until its first. */
export const firstDeadline = (terms: HeartbeatTerms, now: Date): Date | null =>
  heartbeatBasis(terms) === 'FROM_CREATION' ? deadlineAfter(terms, now) : null;

/** Until when (inclusive) a machine or process lives that sent a heartbeat just now. */
export const deadlineAfter = (terms: Pick<HeartbeatTerms, 'heartbeat_duration'>, now: Date): Date =>
  new Date(now.getTime() + heartbeatSeconds(terms) * 1_000);

/** Alive up to and including the deadline. */
export const isAlive = ({ diesAt }: Pick<MachineLife, 'diesAt'>, now: Date): boolean =>
  diesAt === null || now <= diesAt;

/** RESURRECTED lasts from the heartbeat that brought a machine back until the next one. */
export function heartbeatStatusOf(machine: MachineLife, now: Date): HeartbeatStatus {
  const { lastHeartbeatAt, resurrectedAt } = machine;
  if (!isAlive(machine, now)) return 'DEAD';
  if (lastHeartbeatAt === null) return 'NOT_STARTED';
  return resurrectedAt !== null && lastHeartbeatAt <= resurrectedAt ? 'RESURRECTED' : 'ALIVE';
}

const REVIVE_MINUTES = {
  NO_REVIVE: 0,
  '1_MINUTE_REVIVE': 1,
  '2_MINUTE_REVIVE': 2,
  '5_MINUTE_REVIVE': 5,
  '10_MINUTE_REVIVE': 10,
  '15_MINUTE_REVIVE': 15,
  ALWAYS_REVIVE: Number.POSITIVE_INFINITY,
} as const satisfies Record<PolicyTerms['heartbeat_resurrection_strategy'], number>;

/** Until when (inclusive) a heartbeat brings a dead machine back; null: for ever. */
export function revivableUntil(
  { heartbeat_resurrection_strategy }: Pick<HeartbeatTerms, 'heartbeat_resurrection_strategy'>,
  diesAt: Date,
): Date | null {
  const minutes = REVIVE_MINUTES[heartbeat_resurrection_strategy];
  return Number.isFinite(minutes) ? new Date(diesAt.getTime() + minutes * 60_000) : null;
}

/** What a heartbeat makes of a machine: it lives on, comes back, or is dead for good (MACHINE_HEARTBEAT_DEAD). */
export function afterHeartbeat(
  terms: HeartbeatTerms,
  machine: Pick<MachineLife, 'diesAt'>,
  now: Date,
): { readonly status: 'ALIVE' | 'RESURRECTED'; readonly diesAt: Date } | 'dead' {
  const diesAt = deadlineAfter(terms, now);
  if (machine.diesAt === null || isAlive(machine, now)) return { status: 'ALIVE', diesAt };
  if (terms.heartbeat_resurrection_strategy === 'NO_REVIVE') return 'dead';
  const until = revivableUntil(terms, machine.diesAt);
  return until === null || now <= until ? { status: 'RESURRECTED', diesAt } : 'dead';
}

/**
 * Whether a machine holds a seat: while it lives, and dead too if the policy keeps the dead. Else its seat is free from the
 * millisecond after its deadline: an activation may remove its row and take it, revive window or not.
 */
export const holdsSeat = (
  { heartbeat_cull_strategy }: Pick<HeartbeatTerms, 'heartbeat_cull_strategy'>,
  machine: Pick<MachineLife, 'diesAt'>,
  now: Date,
): boolean => heartbeat_cull_strategy === 'KEEP_DEAD' || isAlive(machine, now);

/** Whether the row of a dead machine may go although nobody needs its seat: no heartbeat can bring it back any more. */
export function isCullable(terms: HeartbeatTerms, { diesAt }: Pick<MachineLife, 'diesAt'>, now: Date): boolean {
  if (diesAt === null || holdsSeat(terms, { diesAt }, now)) return false;
  const until = revivableUntil(terms, diesAt);
  return until !== null && now > until;
}
