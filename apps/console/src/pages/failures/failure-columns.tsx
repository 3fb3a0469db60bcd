import type { Failure } from '@bastionary/contracts/failures';
import { Text } from '@mantine/core';
import { CopyableId } from '../../ui/copyable-id';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { Time } from '../../ui/time';
import { WhyLink } from '../explain/why-link';
import classes from './failure-columns.module.css';

const column = columnsFor<Failure>();

const Reason = ({ failure: { client_id, scope, reason, error, endpoint, reason_code } }: { failure: Failure }) => (
  <div className={classes.reason}>
    <Text size="sm" fw={600}>
      {reason}
    </Text>
    <Text size="xs" c="dimmed">
      <code>{reason_code}</code> · answered <code>{error}</code> at <code>{endpoint}</code>
    </Text>
    {client_id && endpoint === '/oauth2/token' && (
      <WhyLink clientId={client_id} question={{ token: scope ? { scope } : {} }} label="Why, and is it still so?" />
    )}
  </div>
);

const Origin = ({ failure: { client_id } }: { failure: Failure }) =>
  client_id ? (
    <RouterAnchor to="/clients/$clientId" params={{ clientId: client_id }} search={{ tab: 'failures' }}>
      {client_id}
    </RouterAnchor>
  ) : (
    <Text inherit c="dimmed" component="span">
      no client that exists
    </Text>
  );

export const failureColumns = ({ withClient }: { withClient: boolean }) =>
  column.columns([
    column.accessor('reason', { header: 'Reason', cell: ({ row }) => <Reason failure={row.original} /> }),
    ...(withClient
      ? [column.accessor('client_id', { header: 'Client', cell: ({ row }) => <Origin failure={row.original} /> })]
      : []),
    column.accessor('at', { header: 'When', cell: ({ row }) => <Time value={row.original.at} /> }),
    column.accessor('address', {
      header: 'From',
      cell: ({ row }) => <code className={classes.address}>{row.original.address ?? 'unknown'}</code>,
    }),
    column.accessor('trace_id', {
      header: 'Trace id',
      cell: ({ row }) => <CopyableId id={row.original.trace_id} what="trace id" />,
    }),
  ]);
