import type { ReceivedEvent } from '@bastionary/contracts/usage';
import { Button, Text } from '@mantine/core';
import { columnsFor } from '../../../ui/data-table';
import { StatusBadge } from '../../../ui/status-badge';
import { Time } from '../../../ui/time';
import { CustomerLink } from '../../customers/customer-link';

const column = columnsFor<ReceivedEvent>();

/** Rejected events may have no names of their own; they are told apart by when they came. */
export const eventKey = ({ source, id, recorded_at, result }: ReceivedEvent) =>
  JSON.stringify([source, id, recorded_at, result]);

export const eventColumns = (open: string | null, onOpen: (key: string | null) => void) =>
  column.columns([
    column.display({
      id: 'id',
      header: 'Event',
      cell: ({ row: { original } }) => (
        <>
          <Text inherit fw={600} component="div">
            {original.id ?? 'without an id'}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {original.source ?? 'no source'} · {original.type ?? 'no type'}
          </Text>
        </>
      ),
    }),
    column.display({
      id: 'result',
      header: 'Result',
      cell: ({ row: { original } }) => (
        <>
          <StatusBadge status={original.result} />
          {original.reason && (
            <Text size="sm" component="div" mt={4}>
              {original.reason}
            </Text>
          )}
        </>
      ),
    }),
    column.display({
      id: 'customer',
      header: 'Customer',
      cell: ({ row: { original } }) =>
        original.customer_id ? <CustomerLink id={original.customer_id} /> : (original.subject ?? '–'),
    }),
    column.display({
      id: 'time',
      header: 'Happened',
      cell: ({ row: { original } }) => (original.time ? <Time value={original.time} as="date-time" /> : '–'),
    }),
    column.display({
      id: 'recorded',
      header: 'Came',
      cell: ({ row: { original } }) => <Time value={original.recorded_at} />,
    }),
    column.display({
      id: 'more',
      header: 'More',
      cell: ({ row: { original } }) => {
        const key = eventKey(original);
        return (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={open === key}
            aria-label={`Data of ${original.id ?? 'the event'}`}
            onClick={() => onOpen(open === key ? null : key)}
          >
            {open === key ? 'Close' : 'Data'}
          </Button>
        );
      },
    }),
  ]);
