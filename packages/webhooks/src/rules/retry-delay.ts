const SPREAD = 0.1;

/**
 * The pause before the next attempt, in milliseconds; null if there is none.
 * @param attempts how many have failed, this one included
 * @param pauses after the first, second … failed attempt, in seconds
 * @param chance from 0 to 1: spreads what failed together
 */
export function retryDelay(attempts: number, pauses: readonly number[], chance: number): number | null {
  const pause = pauses[attempts - 1];
  return pause === undefined ? null : Math.round(pause * 1_000 * (1 - SPREAD + 2 * SPREAD * chance));
}
