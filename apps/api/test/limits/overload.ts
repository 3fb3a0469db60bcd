import type { House, MadeClient } from '../support.js';

export const GRANT = 'grant_type=client_credentials';

export interface Load {
  /** Answers by status. */
  readonly counts: Readonly<Record<number, number>>;
  readonly allowed: number;
  /** Seconds from before the first request until after the last answer. */
  readonly seconds: number;
}

/** Asks for tokens without pause, everywhere at once, until it is told to stop. */
export async function overload(
  houses: readonly House[],
  client: MadeClient,
  until: (elapsedMs: number) => boolean,
): Promise<Load> {
  const counts: Record<number, number> = {};
  const began = performance.now();
  const ask = async (house: House): Promise<void> => {
    while (!until(performance.now() - began)) {
      const { status } = await house.form('token', GRANT, client);
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(houses.flatMap((house) => Array.from({ length: 8 }, () => ask(house))));
  return { counts, allowed: counts[200] ?? 0, seconds: (performance.now() - began) / 1_000 };
}
