import type { DeliveryStatus, WebhookDelivery } from '@bastionary/contracts/webhooks';
import { Badge, Button, NativeSelect, Text } from '@mantine/core';
import { IconCircleCheck, IconClock, IconMailOff, type TablerIcon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { deliveriesQuery } from '../../api/webhooks';
import { columnsFor, DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { Pager } from '../../ui/pager';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import { DeliveryDetail } from './delivery-detail';

const route = getRouteApi('/signed-in/webhooks/$webhookId');
const LOOKS: Record<DeliveryStatus, [color: string, icon: TablerIcon]> = {
  pending: ['bastion', IconClock],
  delivered: ['green', IconCircleCheck],
  dead: ['red', IconMailOff],
};

const Status = ({ status }: { status: DeliveryStatus }) => {
  const [color, Icon] = LOOKS[status];
  return (
    <Badge color={color} leftSection={<Icon size={13} aria-hidden />}>
      {status}
    </Badge>
  );
};

const column = columnsFor<WebhookDelivery>();
const columnsWith = (open: string | null, setOpen: (id: string | null) => void) =>
  column.columns([
    column.accessor('created_at', {
      header: 'Made',
      cell: ({ row }) => <Time value={row.original.created_at} as="date-time" />,
    }),
    column.accessor('event_type', { header: 'Event' }),
    column.accessor('status', { header: 'State', cell: ({ row }) => <Status status={row.original.status} /> }),
    column.accessor('attempts', { header: 'Attempts' }),
    column.accessor('last_attempt', {
      header: 'Last answer',
      cell: ({ row }) => {
        const last = row.original.last_attempt;
        return last ? `${last.response_status ?? last.error} · ${last.duration_ms} ms` : '–';
      },
    }),
    column.accessor('id', {
      header: 'Details',
      cell: ({ row: { original } }) => (
        <Button
          size="compact-sm"
          variant="default"
          aria-expanded={open === original.id}
          onClick={() => setOpen(open === original.id ? null : original.id)}
        >
          {open === original.id ? 'Hide' : 'Show'}
        </Button>
      ),
    }),
  ]);

/** The delivery log of an endpoint. */
export const Deliveries = ({ webhookId }: { webhookId: string }) => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => columnsWith(open, setOpen), [open]);
  const { data, error, refetch } = useQuery(deliveriesQuery(webhookId, filter));
  return (
    <Panel
      title="Deliveries"
      aside={
        <NativeSelect
          aria-label="State"
          data={[{ value: '', label: 'All' }, 'pending', 'delivered', 'dead']}
          value={filter.status ?? ''}
          onChange={(event) => {
            const status = (event.currentTarget.value || undefined) as DeliveryStatus | undefined;
            void navigate({ search: status ? { status } : {} });
          }}
        />
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.data.length === 0 ? (
        <Text c="dimmed" size="sm">
          {filter.status
            ? `No delivery is ${filter.status}.`
            : 'Nothing was sent yet. A test event shows whether the address works.'}
        </Text>
      ) : (
        <DataTable
          caption="Deliveries"
          columns={columns}
          rows={data?.data}
          rowId={({ id }) => id}
          detail={(delivery) =>
            delivery.id === open ? <DeliveryDetail webhookId={webhookId} delivery={delivery} /> : null
          }
        />
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </Panel>
  );
};
