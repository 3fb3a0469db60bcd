import type { LicensePolicy } from '@bastionary/contracts/license-policies';
import { durationWords } from '@bastionary/licensing/rules/amount-words';
import { Text } from '@mantine/core';
import { columnsFor } from '../../ui/data-table';
import { RouterAnchor } from '../../ui/links';
import { PlanLink } from '../../ui/object-link';

const column = columnsFor<LicensePolicy>();

const seats = ({ floating, max_machines }: LicensePolicy) => {
  if (!floating) return 'one machine';
  return max_machines === null ? 'any number of machines' : `up to ${max_machines.toLocaleString()} machines`;
};

export const policyColumns = column.columns([
  column.accessor('name', {
    header: 'Policy',
    cell: ({ row: { original } }) => (
      <RouterAnchor to="/license-policies/$policyId" params={{ policyId: original.id }} fw={600}>
        {original.name}
      </RouterAnchor>
    ),
  }),
  column.accessor('max_machines', { header: 'Seats', cell: ({ row }) => seats(row.original) }),
  column.accessor('duration', {
    header: 'Lasts',
    cell: ({ row: { original } }) => (original.duration === null ? 'for ever' : durationWords(original.duration)),
  }),
  column.accessor('scheme', { header: 'Keys', cell: ({ row }) => (row.original.scheme ? 'signed' : 'random') }),
  column.accessor('plan', {
    header: 'Issued by',
    cell: ({ row: { original } }) =>
      original.plan === null ? (
        <Text inherit c="dimmed" component="span">
          operators and the API
        </Text>
      ) : (
        <PlanLink id={original.plan}>
          <code>{original.plan}</code>
        </PlanLink>
      ),
  }),
  column.accessor('licenses', {
    header: 'Licences',
    cell: ({ row: { original } }) => (
      <RouterAnchor
        to="/licenses"
        search={{ policy: original.id }}
        aria-label={`${original.licenses.toLocaleString()} licences of ${original.name}`}
      >
        {original.licenses.toLocaleString()}
      </RouterAnchor>
    ),
  }),
]);
