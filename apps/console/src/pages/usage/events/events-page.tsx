import { Alert, Button, NativeSelect } from '@mantine/core';
import { IconActivity, IconInfoCircle, IconSearchOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { sendEventCommand } from '../../../api/curl';
import { usePermission } from '../../../api/session';
import { eventsQuery } from '../../../api/usage';
import { Command } from '../../../ui/command';
import { DataTable } from '../../../ui/data-table';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { FilterBar } from '../../../ui/filter-bar';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Pager } from '../../../ui/pager';
import { UsageTabs } from '../usage-tabs';
import { eventColumns, eventKey } from './event-columns';
import { EventDetail } from './event-detail';

const route = getRouteApi('/signed-in/usage/events');

const FIELDS = [
  { name: 'id', label: 'Event id', placeholder: 'req-1' },
  { name: 'source', label: 'Source', placeholder: 'api' },
  { name: 'customer', label: 'Customer', placeholder: 'id or external id' },
  { name: 'type', label: 'Type', placeholder: 'api.call' },
] as const;

const RESULTS = [
  { value: '', label: 'Any result' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'conflict', label: 'Conflict' },
  { value: 'rejected', label: 'Rejected' },
];

/** Was my event accepted, and why not? */
export const EventsPage = () => {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('usage:read');
  const [open, setOpen] = useState<string | null>(null);
  const columns = useMemo(() => eventColumns(open, setOpen), [open]);
  const isHalfNamed = (filter.id === undefined) !== (filter.source === undefined);
  const events = useQuery({ ...eventsQuery(filter), enabled: maySee && !isHalfNamed });
  const { error, refetch, isPlaceholderData } = events;
  const data = isHalfNamed ? undefined : events.data;
  const { cursor: _, ...narrowed } = filter;
  const isFiltered = Object.values(narrowed).some(Boolean);
  const isEmpty = data?.data.length === 0 && !isPlaceholderData;
  if (!maySee) return <MissingPermission permission="usage:read" />;
  return (
    <>
      <PageHeader
        title="Usage events"
        description="What was sent, whether it was accepted, and why not. Of duplicates only the first is kept."
      />
      <UsageTabs here="events" />
      <FilterBar
        fields={FIELDS}
        value={filter}
        onFilter={(search) => navigate({ search: { ...search, result: filter.result } })}
      />
      <NativeSelect
        aria-label="Result"
        data={RESULTS}
        value={filter.result ?? ''}
        mb="sm"
        maw="14rem"
        onChange={(event) => {
          const result = event.currentTarget.value as 'accepted' | 'conflict' | 'rejected' | '';
          void navigate({ search: { ...narrowed, result: result === '' ? undefined : result } });
        }}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {isHalfNamed && (
        <Alert color="bastion" role="status" icon={<IconInfoCircle aria-hidden />}>
          An event is named by its id and its source together. Give both, or neither.
        </Alert>
      )}
      {!error && !isEmpty && !isHalfNamed && (
        <DataTable
          caption="Usage events"
          columns={columns}
          rows={data?.data}
          rowId={eventKey}
          detail={(event) => (eventKey(event) === open ? <EventDetail event={event} /> : null)}
        />
      )}
      {isEmpty && isFiltered && (
        <EmptyState
          icon={IconSearchOff}
          title="No event matches"
          action={
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              Clear the filters
            </Button>
          }
        >
          The filters compare whole values. An event that stands nowhere here never arrived: send it again, it is
          counted once.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState
          icon={IconActivity}
          title="No events yet"
          example={<Command label="Send an event" command={sendEventCommand(window.location.origin)} />}
        >
          An event says that a customer used something. Meters count events, prices charge what meters count.
        </EmptyState>
      )}
      <Pager
        isFirst={!filter.cursor}
        next={data?.next_cursor ?? null}
        onGo={(cursor) => navigate({ search: (previous) => ({ ...previous, cursor }) })}
      />
    </>
  );
};
