import type { MovementKind, MrrSeries } from '@bastionary/contracts/finance';

export type Window = MrrSeries['window'];

/** What moved in one window, and how many customers came and went with it. */
export interface WindowSums {
  readonly from: Date;
  readonly sums: Readonly<Partial<Record<MovementKind, bigint>>>;
  readonly customers: number;
}

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

export interface Bar extends Span, Readonly<Record<MovementKind, bigint>> {
  readonly start: bigint;
  readonly end: bigint;
  readonly customers: number;
}

/** Cuts a span at the beginnings of days, weeks (Mondays), months, quarters or years, in UTC. */
export function windowsOf({ from, to }: Span, window: Window): Span[] {
  const cuts: Date[] = [];
  for (let at = nextStart(from, window); at < to; at = nextStart(at, window)) cuts.push(at);
  const starts = from < to ? [from, ...cuts] : [];
  return starts.map((start, index) => ({ from: start, to: starts[index + 1] ?? to }));
}

/** The beginning of the window that an instant lies in. */
export function startOf(at: Date, window: Window): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (window) {
    case 'day':
      return new Date(Date.UTC(year, month, day));
    case 'week':
      return new Date(Date.UTC(year, month, day - ((at.getUTCDay() + 6) % 7)));
    case 'month':
      return new Date(Date.UTC(year, month));
    case 'quarter':
      return new Date(Date.UTC(year, month - (month % 3)));
    default:
      return new Date(Date.UTC(year, 0));
  }
}

function nextStart(at: Date, window: Window): Date {
  const start = startOf(at, window);
  const [year, month, day] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()];
  switch (window) {
    case 'day':
      return new Date(Date.UTC(year, month, day + 1));
    case 'week':
      return new Date(Date.UTC(year, month, day + 7));
    case 'month':
      return new Date(Date.UTC(year, month + 1));
    case 'quarter':
      return new Date(Date.UTC(year, month + 3));
    default:
      return new Date(Date.UTC(year + 1, 0));
  }
}

/** Bars that begin where the one before ends: start + movements = end, in each and over all. */
export function waterfall(
  opening: { readonly amount: bigint; readonly customers: number },
  windows: readonly Span[],
  moved: readonly WindowSums[],
): Bar[] {
  let { amount, customers } = opening;
  return windows.map((window) => {
    const found = moved.filter(({ from }) => from >= window.from && from < window.to);
    const of = (kind: MovementKind): bigint => found.reduce((sum, { sums }) => sum + (sums[kind] ?? 0n), 0n);
    const movements = {
      new: of('new'),
      expansion: of('expansion'),
      contraction: of('contraction'),
      churn: of('churn'),
      reactivation: of('reactivation'),
    };
    const start = amount;
    amount = Object.values(movements).reduce((sum, one) => sum + one, start);
    customers = found.reduce((sum, one) => sum + one.customers, customers);
    return { ...window, start, ...movements, end: amount, customers };
  });
}
