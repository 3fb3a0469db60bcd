import { describe, expect, test } from '@jest/globals';
import { Exact } from '../rating/money.js';
import type { Draft } from './draft.js';
import { isSameDraft, type StoredDraft, type StoredLine } from './same-draft.js';

const START = new Date('2026-01-01');
const END = new Date('2026-02-01');
const usage = { meter: 'calls', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', events: '2', quantity: '2' };
const explanation = { text: '2 events', steps: [], exact: '20', rounded: '20' };

const FRESH: Draft = {
  lines: [
    {
      kind: 'charge',
      key: 'pro@1|calls|x|y',
      subscriptionId: 'sub_1',
      plan: 'pro@1',
      price: 'calls',
      description: 'Pro: calls',
      quantity: '2',
      period: { start: START, end: END },
      service: { start: START, end: END },
      amount: 20n,
      discount: 2n,
      tax: { name: 'VAT', rate: '19', inclusive: false },
      taxAmount: 3n,
      explanation: { ...explanation, usage: { ...usage, watermark: '9:9:' } },
    },
  ],
  uses: [{ id: 'cco_1', amount: 2n }],
  subtotal: 20n,
  discount: 2n,
  tax: 3n,
  total: 21n,
  anomalies: [{ code: 'total', detail: 'x', before: '1', now: '21' }],
};

const LINE: StoredLine = {
  kind: 'charge',
  chargeKey: 'pro@1|calls|x|y',
  subscriptionId: 'sub_1',
  plan: 'pro@1',
  price: 'calls',
  description: 'Pro: calls',
  quantity: new Exact('2.000000000000'),
  periodStart: START,
  periodEnd: END,
  serviceStart: START,
  serviceEnd: END,
  amount: 20n,
  discount: 2n,
  tax: 3n,
  taxRate: new Exact('19.000000000000'),
  taxName: 'VAT',
  taxInclusive: false,
  // As JSON comes out of the database: its fields in another order.
  explanation: { usage: { watermark: '5:5:', ...usage }, ...explanation },
};
const { subtotal, discount, tax, total, anomalies } = FRESH;
const STORED: StoredDraft = { lines: [LINE], subtotal, discount, tax, total, anomalies };
const USES = FRESH.uses;
const withLine = (line: Partial<StoredLine>): StoredDraft => ({ ...STORED, lines: [{ ...LINE, ...line }] });
const withUsage = (change: Partial<typeof usage>): StoredDraft =>
  withLine({ explanation: { ...explanation, usage: { ...usage, ...change, watermark: '5:5:' } } });

describe('a draft that was made anew', () => {
  test('says the same, but for when its usage was read', () => {
    expect(isSameDraft(STORED, USES, FRESH)).toBe(true);
  });

  const otherLines: Partial<StoredLine>[] = [
    { kind: 'adjustment' },
    { chargeKey: null },
    { subscriptionId: null },
    { plan: 'pro@2' },
    { price: null },
    { description: 'Calls' },
    { quantity: new Exact('2.000000000001') },
    { periodStart: END },
    { periodEnd: null },
    { serviceStart: null },
    { serviceEnd: START },
    { amount: 21n },
    { discount: 0n },
    { tax: 4n },
    { taxRate: new Exact('20') },
    { taxRate: null },
    { taxName: null },
    { taxInclusive: true },
    { explanation },
  ];
  test.each(otherLines.map((line) => [Object.keys(line)[0], line] as const))(
    'says something else if a line has another %s',
    (_field, line) => expect(isSameDraft(withLine(line), USES, FRESH)).toBe(false),
  );

  test.each([
    ['events', withUsage({ events: '3' })],
    ['quantity of the usage', withUsage({ quantity: '3' })],
    ['span of the usage', withUsage({ to: '2026-01-31T00:00:00Z' })],
    ['lines', { ...STORED, lines: [LINE, LINE] }],
    ['no line', { ...STORED, lines: [] }],
    ['subtotal', { ...STORED, subtotal: 0n }],
    ['discount', { ...STORED, discount: 0n }],
    ['tax', { ...STORED, tax: 0n }],
    ['total', { ...STORED, total: 0n }],
    ['anomalies', { ...STORED, anomalies: [] }],
  ])('says something else if it differs in its %s', (_what, stored) => {
    expect(isSameDraft(stored, USES, FRESH)).toBe(false);
  });

  test.each([
    ['none', []],
    ['another amount', [{ id: 'cco_1', amount: 1n }]],
    ['another coupon', [{ id: 'cco_2', amount: 2n }]],
    [
      'one more',
      [
        { id: 'cco_1', amount: 2n },
        { id: 'cco_2', amount: 0n },
      ],
    ],
  ])('says something else if of coupons it used %s', (_what, uses) => {
    expect(isSameDraft(STORED, uses, FRESH)).toBe(false);
  });
});
