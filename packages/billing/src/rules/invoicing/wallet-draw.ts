/** Prepaid money that is left. */
export interface OpenCredit {
  readonly id: string;
  readonly remaining: bigint;
  /** Lower is used first. */
  readonly priority: number;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

export interface Draw {
  readonly id: string;
  readonly amount: bigint;
}

/**
 * Which credits pay how much: by priority, then what expires first, then the oldest. What has expired pays nothing.
 * @param wanted in minor units; what is not there is not drawn
 */
export function drawCredits(credits: readonly OpenCredit[], wanted: bigint, now: Date): Draw[] {
  const draws: Draw[] = [];
  let left = wanted;
  for (const { id, remaining } of credits
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .toSorted(inOrder)) {
    const amount = remaining < left ? remaining : left;
    if (amount <= 0n) continue;
    draws.push({ id, amount });
    left -= amount;
  }
  return draws;
}

const inOrder = (one: OpenCredit, other: OpenCredit): number =>
  one.priority - other.priority ||
  (one.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) - (other.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) ||
  one.createdAt.getTime() - other.createdAt.getTime() ||
  (one.id < other.id ? -1 : 1);
