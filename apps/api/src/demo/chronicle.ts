import type { Peppers } from '@bastionary/oauth/actions/peppers';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Config } from '@bastionary/platform/config';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Transaction } from '@bastionary/prisma/client';

export const ORIGIN = systemOrigin('demo');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The transaction in which the demo world comes to be, and what was made in it so far. */
export interface World {
  readonly tx: Transaction;
  readonly config: Config;
  readonly peppers: Peppers;
  readonly keys: KeyEncryptionKeys;
  /** When the chronicle ends. */
  readonly present: Date;
  /** Ids of customers and of their subscriptions, by the short name of the customer. */
  readonly customers: Map<string, string>;
  readonly subscriptions: Map<string, string>;
  /** Ids of licences by their name, and that of the policy they are issued under. */
  readonly licenses: Map<string, string>;
}

/** Something that happened some days before the present. */
export interface Episode {
  /** May have a fraction; episodes of the same instant happen in the order in which they are told. */
  readonly daysAgo: number;
  readonly happen: (world: World, now: Date) => Promise<void>;
}

/** Lets everything happen in the order of time, each with the clock of its own instant. */
export async function tell(world: World, episodes: readonly Episode[]): Promise<void> {
  for (const { daysAgo, happen } of episodes.toSorted((a, b) => b.daysAgo - a.daysAgo)) {
    await happen(world, new Date(world.present.getTime() - Math.round(daysAgo * DAY_MS)));
  }
}

/** The id that a short name of the data stands for. */
export function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the demo data speaks of ${name} before it is made`);
  return id;
}
