import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither null, undefined nor false.
 * @param what named in the error
 * @param options in milliseconds
 * @throws Error when time is up, with the last error of `ask` as its cause
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T> | T,
  { within = 10_000, every = 25 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  let cause: unknown;
  for (const giveUp = Date.now() + within; ; await sleep(every)) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      cause = error;
    }
    if (Date.now() > giveUp) throw new Error(`Waited ${within} ms in vain for ${what}`, { cause });
  }
}
