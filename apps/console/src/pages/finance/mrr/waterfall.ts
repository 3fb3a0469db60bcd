import type { MovementKind, MrrSeries } from '@bastionary/contracts/finance';

export const MOVEMENTS: readonly MovementKind[] = ['new', 'expansion', 'reactivation', 'contraction', 'churn'];

export const MOVEMENT_NAMES: Record<MovementKind, string> = {
  new: 'New',
  expansion: 'Expansion',
  reactivation: 'Reactivation',
  contraction: 'Contraction',
  churn: 'Churn',
};

/** One bar: it begins where the one before ended. */
export type Fall = { key: 'start' | MovementKind | 'end'; from: bigint; to: bigint; amount: bigint };

/** From the MRR at the start over each kind of movement to the MRR at the end; all windows of the series together. */
export const waterfall = (windows: MrrSeries['data']): Fall[] => {
  const start = BigInt(windows[0]?.start ?? 0);
  const falls: Fall[] = [{ key: 'start', from: 0n, to: start, amount: start }];
  let level = start;
  for (const kind of MOVEMENTS) {
    const amount = windows.reduce((sum, window) => sum + BigInt(window[kind]), 0n);
    falls.push({ key: kind, from: level, to: level + amount, amount });
    level += amount;
  }
  const end = BigInt(windows.at(-1)?.end ?? 0);
  return [...falls, { key: 'end', from: 0n, to: end, amount: end }];
};
