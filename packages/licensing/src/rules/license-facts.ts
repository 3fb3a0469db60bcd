import type { LimitName, PolicyTerms } from '@bastionary/contracts/license-policies';
import type { Suspension } from '@bastionary/contracts/licenses';

/** Limits a licence has of its own. Absent: the policy's. Null: unlimited. */
export type LimitOverrides = Readonly<Partial<Record<LimitName, number | null>>>;

/** A licence and the terms of its policy, as they are written down. What it is at an instant follows from these. */
export interface LicenseFacts {
  readonly id: string;
  readonly terms: PolicyTerms;
  readonly limits: LimitOverrides;
  readonly createdAt: Date;
  /** Null: never, or its time has not begun (`expiration_basis`). */
  readonly expiresAt: Date | null;
  readonly suspensions: readonly Suspension[];
  readonly revokedAt: Date | null;
  /** The customer that owns it is suspended. */
  readonly isOwnerSuspended: boolean;
  readonly lastValidatedAt: Date | null;
  readonly lastCheckInAt: Date | null;
  readonly lastCheckOutAt: Date | null;
}

/** A machine, as far as its life goes. */
export interface MachineLife {
  readonly lastHeartbeatAt: Date | null;
  /** Alive up to and including this instant; null: it lives without heartbeats. */
  readonly diesAt: Date | null;
  readonly resurrectedAt: Date | null;
}

/** What a machine takes of the limits of its licence. Bytes; null: it did not say. */
export interface MachineSize {
  readonly cores: number | null;
  readonly memory: number | null;
  readonly disk: number | null;
}

/** A machine that a validation asks about. */
export interface MachineFacts extends MachineLife {
  readonly id: string;
  readonly fingerprint: string;
  /** The user of the licence that it belongs to. */
  readonly userId: string | null;
  /** Fingerprints of its components. */
  readonly components: readonly string[];
}

/** How much of each limit is taken. Seats and sizes: of the machines that hold a seat now. */
export type Used = Readonly<Record<LimitName, number>>;
