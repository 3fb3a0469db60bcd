import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';

const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

// Whole numbers in four characters at most: the axis has no more room.
const { format: compact } = new Intl.NumberFormat(undefined, { notation: 'compact' });

/** Loaded on demand: the chart library is larger than the rest of the console. */
export const TokensChart = ({ hours }: { hours: { hour: string; issued: string }[] }) => (
  <BarChart
    h={200}
    data={hours.map((each) => ({ hour: hour.format(new Date(each.hour)), Tokens: Number(each.issued) }))}
    dataKey="hour"
    series={[{ name: 'Tokens', color: 'var(--chart-bar)' }]}
    yAxisProps={{ width: 44, allowDecimals: false, tickFormatter: compact }}
    xAxisProps={{ minTickGap: 24 }}
    barChartProps={{ margin: { top: 8 } }}
    barProps={{ radius: [3, 3, 0, 0] }}
    maxBarWidth={22}
    accessibilityLayer={false}
    aria-hidden
  />
);
