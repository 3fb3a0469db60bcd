import type { Item } from '../items.js';

/** What a subscription held, from when until when: one plan version in one quantity. */
export interface ItemSpan {
  readonly kind: 'plan' | 'add_on';
  /** key@version */
  readonly plan: string;
  readonly quantity: number;
  /** Its periods are counted from it. */
  readonly anchor: Date;
  readonly from: Date;
  /** Exclusive; null: still. */
  readonly until: Date | null;
}

export interface SpanChange<Open extends ItemSpan> {
  /** They end at the instant of the change. */
  readonly closed: readonly Open[];
  /** They would have lasted no time at all. */
  readonly dropped: readonly Open[];
  readonly opened: readonly ItemSpan[];
}

/**
 * What a change of items at an instant does to the history. What is held in the same version, quantity and rhythm goes on;
 * another rhythm begins a new span, since its periods are others. Told twice, the second changes nothing.
 * @param open the spans that have no end
 */
export function spansAfter<Open extends ItemSpan>(
  open: readonly Open[],
  items: readonly Item[],
  anchor: Date,
  at: Date,
): SpanChange<Open> {
  const isSame = (span: ItemSpan, item: Item): boolean =>
    span.plan === item.plan && span.quantity === item.quantity && span.anchor.getTime() === anchor.getTime();
  const ended = open.filter((span) => !items.some((item) => isSame(span, item)));
  return {
    closed: ended.filter(({ from }) => from < at),
    dropped: ended.filter(({ from }) => from >= at),
    opened: items
      .filter((item) => !open.some((span) => isSame(span, item)))
      .map(({ kind, plan, quantity }) => ({ kind, plan, quantity, anchor, from: at, until: null })),
  };
}
