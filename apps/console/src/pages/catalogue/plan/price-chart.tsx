import '@mantine/charts/styles.layer.css';
import { LineChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import type { Point } from './calculate';

type Props = { points: Point[]; currency: string };

const { format: compact } = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });

/** Loaded on demand: the chart library is larger than the rest of the console. The numbers stand in the table beside it. */
export const PriceChart = ({ points, currency }: Props) => (
  <figure aria-hidden>
    <Text component="figcaption" size="xs" c="dimmed" mb={4}>
      Total by quantity, {currency}
    </Text>
    <Curve points={points} of="total" name="Total" />
    <Text component="figcaption" size="xs" c="dimmed" mt="sm" mb={4}>
      Average of a unit, {currency}
    </Text>
    <Curve points={points} of="average" name="Average" />
  </figure>
);

const Curve = ({ points, of, name }: { points: Point[]; of: 'total' | 'average'; name: string }) => (
  <LineChart
    h={120}
    data={points.map((point) => ({ quantity: point.quantity, [name]: point[of] }))}
    dataKey="quantity"
    series={[{ name, color: 'var(--chart-line)' }]}
    curveType="linear"
    withDots={false}
    connectNulls={false}
    yAxisProps={{ width: 52, tickFormatter: compact }}
    xAxisProps={{ type: 'number', domain: ['dataMin', 'dataMax'], tickFormatter: compact }}
    lineChartProps={{ margin: { top: 8, right: 12 } }}
    accessibilityLayer={false}
  />
);
