import { Button, Center, Skeleton, Table, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Panel } from './panel';
import { formatDateTime } from './time';
import classes from './tokens-per-hour.module.css';

const TokensChart = lazy(() => import('./tokens-chart').then((module) => ({ default: module.TokensChart })));

type Hours = { hour: string; issued: string }[];
type Props = { hours: Hours | undefined; emptyHint: string };

/** Tokens issued in the last 24 hours, as a chart or, for those who read rather than see, as a table. */
export const TokensPerHour = ({ hours, emptyHint }: Props) => {
  const [isTable, setIsTable] = useState(false);
  const total = hours?.reduce((sum, each) => sum + BigInt(each.issued), 0n);
  return (
    <Panel
      title="Tokens issued, last 24 hours"
      aside={
        total !== undefined &&
        total > 0n && (
          <Button size="compact-sm" variant="subtle" onClick={() => setIsTable(!isTable)} aria-pressed={isTable}>
            Show as table
          </Button>
        )
      }
    >
      {hours === undefined && <Skeleton height={200} />}
      {hours && total === 0n && (
        <Center className={classes.empty}>
          <Text c="dimmed" size="sm" ta="center">
            {emptyHint}
          </Text>
        </Center>
      )}
      {hours && total !== undefined && total > 0n && (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {total.toLocaleString()} {total === 1n ? 'token' : 'tokens'} in total
          </Text>
          {isTable ? (
            <HoursTable hours={hours} />
          ) : (
            <div className={classes.chart}>
              <Suspense fallback={<Skeleton height={200} />}>
                <TokensChart hours={hours} />
              </Suspense>
            </div>
          )}
        </>
      )}
    </Panel>
  );
};

const HoursTable = ({ hours }: { hours: Hours }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section className={classes.scroll} tabIndex={0} aria-label="Tokens per hour">
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Hour beginning</Table.Th>
          <Table.Th scope="col">Tokens</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {hours.map(({ hour, issued }) => (
          <Table.Tr key={hour}>
            <Table.Td>{formatDateTime(hour)}</Table.Td>
            <Table.Td>{BigInt(issued).toLocaleString()}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </section>
);
