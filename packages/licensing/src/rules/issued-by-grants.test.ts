import { describe, expect, test } from '@jest/globals';
import { type GrantSpan, issuedBy } from './issued-by-grants.js';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));
const span = (plan: string, from: number, until: number | null, quantity = 1, source = 'sub_1'): GrantSpan => ({
  source,
  plan,
  quantity,
  from: day(from),
  until: until === null ? null : day(until),
});
const plans = new Set(['desktop', 'server']);

describe('what grants give rise to on 10 January', () => {
  test.each<[string, GrantSpan[], ReturnType<typeof issuedBy>]>([
    ['nothing', [], []],
    [
      'one that goes on',
      [span('desktop@1', 1, null, 5)],
      [{ source: 'sub_1', plan: 'desktop', seats: 5, endsAt: null }],
    ],
    ['of a plan that issues none', [span('support@1', 1, null)], []],
    ['one that is over', [span('desktop@1', 1, 10)], []],
    [
      'one that begins today',
      [span('desktop@1', 10, 11)],
      [{ source: 'sub_1', plan: 'desktop', seats: 1, endsAt: day(11) }],
    ],
    ['one still to come', [span('desktop@1', 11, null)], []],
    [
      'another quantity later: it goes on',
      [span('desktop@1', 1, 20, 2), span('desktop@2', 20, 25, 7)],
      [{ source: 'sub_1', plan: 'desktop', seats: 2, endsAt: day(25) }],
    ],
    [
      'a gap in between: it ends first',
      [span('desktop@1', 1, 20, 2), span('desktop@1', 21, null, 7)],
      [{ source: 'sub_1', plan: 'desktop', seats: 2, endsAt: day(20) }],
    ],
    [
      'two subscriptions and two plans: each its own',
      [span('desktop@1', 1, null), span('server@3', 1, null, 2), span('desktop@1', 1, null, 3, 'sub_2')],
      [
        { source: 'sub_1', plan: 'desktop', seats: 1, endsAt: null },
        { source: 'sub_1', plan: 'server', seats: 2, endsAt: null },
        { source: 'sub_2', plan: 'desktop', seats: 3, endsAt: null },
      ],
    ],
  ])('%s', (_what, grants, issued) => {
    expect(issuedBy(grants, plans, day(10))).toEqual(issued);
  });
});
