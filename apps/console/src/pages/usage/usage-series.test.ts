import { expect, test } from '@jest/globals';
import { groupName, usageSeries } from './usage-series';

const row = (start: string, value: string, group?: Record<string, string | null>) => ({
  start,
  end: '',
  value,
  events: '1',
  ...(group && { group }),
});

test('a bar for each window, a part of it for each group', () => {
  const rows = [
    row('2026-01-01', '3', { region: 'eu' }),
    row('2026-01-01', '1.5', { region: null }),
    row('2026-01-02', '2', { region: 'eu' }),
  ];
  expect(usageSeries(rows, (start) => start.slice(5))).toEqual({
    groups: ['eu', 'none'],
    windows: [
      { label: '01-01', values: { eu: 3, none: 1.5 } },
      { label: '01-02', values: { eu: 2 } },
    ],
  });
});

test('without groups there is one', () => {
  expect(groupName(row('2026-01-01', '3'))).toBe('Usage');
  expect(usageSeries([], String)).toEqual({ groups: [], windows: [] });
});
