import type { Usage } from '@bastionary/contracts/usage-queries';

type Row = Usage['data'][number];

/** What a group is called: its values, in the order of the dimensions. */
export const groupName = ({ group }: Pick<Row, 'group'>): string => {
  const values = Object.values(group ?? {});
  return values.length === 0 ? 'Usage' : values.map((value) => value ?? 'none').join(' · ');
};

/** The rows of usage as bars: one for each window, a part of it for each group. Only lengths of bars become numbers. */
export const usageSeries = (rows: readonly Row[], label: (start: string) => string) => {
  const groups = [...new Set(rows.map(groupName))];
  const windows = [...Map.groupBy(rows, ({ start }) => start)].map(([start, of]) => ({
    label: label(start),
    values: Object.fromEntries(of.map((row) => [groupName(row), Number(row.value)])),
  }));
  return { groups, windows };
};
