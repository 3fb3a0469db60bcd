/** What is left of a limit; null if there is no end to it. A limit lowered below what is used has nothing left. */
export function freeOf(limit: number | null, used: number): number | null {
  return limit === null ? null : Math.max(0, limit - used);
}

/** Whether so much more may be taken. Beyond what JavaScript counts exactly nothing is unlimited. */
export function mayTake(limit: number | null, used: number, amount: number): boolean {
  return used + amount <= (limit ?? Number.MAX_SAFE_INTEGER);
}

export type ReservationState = 'reserved' | 'committed' | 'released' | 'expired';

interface StoredReservation {
  readonly state: string;
  readonly expiresAt: Date | null;
}

/** The state at an instant: a reservation past its end holds nothing, whether somebody has noted that or not. */
export function stateAt({ state, expiresAt }: StoredReservation, now: Date): ReservationState {
  if (state === 'reserved' && expiresAt !== null && expiresAt <= now) return 'expired';
  return state as ReservationState;
}

/**
 * What an act makes of a reservation: its new state, `same` if it is that already, or `refused`.
 * Releasing what has expired is the same: it holds nothing either way.
 */
export function afterAct(
  state: ReservationState,
  act: 'commit' | 'release',
): 'committed' | 'released' | 'same' | 'refused' {
  if (act === 'release') return state === 'reserved' || state === 'committed' ? 'released' : 'same';
  if (state === 'reserved') return 'committed';
  return state === 'committed' ? 'same' : 'refused';
}
