import type { License } from '@bastionary/contracts/licenses';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { policyChoicesQuery } from '../../api/license-policies';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { ObjectLink } from '../../ui/object-link';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { CustomerName } from '../subscriptions/customer-name';
import classes from './license-columns.module.css';
import { badgeOf, maskedKey, nameOf } from './license-words';
import { UseBar } from './use-bar';

const column = columnsFor<License>();

/** Of a policy its name, as soon as that is known. */
export const PolicyName = ({ id }: { id: string }) => {
  const { data } = useQuery({ ...policyChoicesQuery, staleTime: 60_000 });
  return <ObjectLink id={id}>{data?.data.find((policy) => policy.id === id)?.name ?? id}</ObjectLink>;
};

export const licenseColumns = column.columns([
  column.accessor('name', {
    header: 'Licence',
    cell: ({ row: { original } }) => (
      <div>
        <RouterAnchor to="/licenses/$licenseId" params={{ licenseId: original.id }} search={{}} fw={600}>
          {nameOf(original)}
        </RouterAnchor>
        <Text size="xs" c="dimmed">
          {original.name === null && original.source !== null ? (
            'of its subscription'
          ) : (
            <code className={classes.key}>{maskedKey(original.key)}</code>
          )}
        </Text>
      </div>
    ),
  }),
  column.accessor('customer_id', {
    header: 'Customer',
    cell: ({ row: { original } }) =>
      original.customer_id === null ? (
        <Text inherit c="dimmed" component="span">
          nobody’s
        </Text>
      ) : (
        <CustomerName id={original.customer_id} />
      ),
  }),
  column.accessor('policy', { header: 'Policy', cell: ({ row }) => <PolicyName id={row.original.policy} /> }),
  column.accessor('machines', {
    header: 'Seats',
    cell: ({ row: { original } }) => (
      <div className={classes.seats}>
        <UseBar used={original.machines} limit={original.max_machines} what="seats taken" />
      </div>
    ),
  }),
  column.accessor('status', { header: 'State', cell: ({ row }) => <StatusBadge status={badgeOf(row.original)} /> }),
  column.accessor('expires_at', {
    header: 'Expires',
    cell: ({ row: { original } }) =>
      original.expires_at === null ? (
        <Text inherit c="dimmed" component="span">
          never
        </Text>
      ) : (
        <Time value={original.expires_at} as="date" />
      ),
  }),
]);
