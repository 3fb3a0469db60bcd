import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';

// Whole numbers in four characters at most: the axis has no more room.
const { format: compact } = new Intl.NumberFormat(undefined, { notation: 'compact' });

// Told apart by place in the stack and by the legend, not by colour alone; the table beside it has the numbers.
const COLORS = [
  'bastion.6',
  'teal.6',
  'orange.6',
  'grape.6',
  'gray.6',
  'cyan.7',
  'lime.7',
  'pink.6',
  'yellow.7',
  'red.7',
];

type Props = {
  windows: { label: string; values: Record<string, number> }[];
  groups: string[];
};

/** Loaded on demand: the chart library is larger than the rest of the console. */
export const UsageChart = ({ windows, groups }: Props) => (
  <BarChart
    h={260}
    type="stacked"
    data={windows.map(({ label, values }) => ({ label, ...values }))}
    dataKey="label"
    series={groups.map((name, index) => ({ name, color: COLORS[index % COLORS.length] ?? 'gray.6' }))}
    yAxisProps={{ width: 48, tickFormatter: compact }}
    xAxisProps={{ minTickGap: 24 }}
    maxBarWidth={32}
    accessibilityLayer={false}
    aria-hidden
  />
);
