/** Spans of whole months in UTC, as finance people name them. Half-open: the end is not part of it. */
export const SPANS = [
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_12_months',
] as const;
export type SpanName = (typeof SPANS)[number];

export const SPAN_LABELS: Record<SpanName, string> = {
  this_month: 'This month',
  last_month: 'Last month',
  this_quarter: 'This quarter',
  last_quarter: 'Last quarter',
  this_year: 'This year',
  last_12_months: 'The last 12 months',
};

/** `to` is left out where the span goes on until now. */
export type Span = { from: string; to?: string };

const monthStart = (year: number, month: number) => new Date(Date.UTC(year, month, 1)).toISOString();

export const spanOf = (name: SpanName, now: Date): Span => {
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  const quarter = month - (month % 3);
  switch (name) {
    case 'this_month':
      return { from: monthStart(year, month) };
    case 'last_month':
      return { from: monthStart(year, month - 1), to: monthStart(year, month) };
    case 'this_quarter':
      return { from: monthStart(year, quarter) };
    case 'last_quarter':
      return { from: monthStart(year, quarter - 3), to: monthStart(year, quarter) };
    case 'this_year':
      return { from: monthStart(year, 0) };
    case 'last_12_months':
      return { from: monthStart(year, month - 11) };
  }
};

/** The name of a span, if it has one. Without a start it is this month, as the api takes it. */
export const spanName = (from: string | undefined, to: string | undefined, now: Date): SpanName | 'custom' => {
  if (from === undefined && to === undefined) return 'this_month';
  const same = (one: string | undefined, other: string | undefined) =>
    one === other || (one !== undefined && other !== undefined && Date.parse(one) === Date.parse(other));
  return (
    SPANS.find((name) => {
      const span = spanOf(name, now);
      return same(span.from, from) && same(span.to, to);
    }) ?? 'custom'
  );
};
