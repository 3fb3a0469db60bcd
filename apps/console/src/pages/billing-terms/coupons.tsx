import type { Coupon } from '@bastionary/contracts/billing-terms';
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { couponsQuery, retireCoupon } from '../../api/billing-terms';
import { usePermission } from '../../api/session';
import { columnsFor, DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import { StatusBadge } from '../../ui/status-badge';
import { couponWords } from './coupon-words';
import { CreateCoupon } from './create-coupon';
import { RetireButton } from './retire-button';

const column = columnsFor<Coupon & { mayRetire: boolean }>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Coupon',
    cell: ({ row: { original } }) => (
      <>
        <Text inherit fw={600} component="div">
          {original.name}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          <code>{original.key}</code>
        </Text>
      </>
    ),
  }),
  column.accessor('duration', { header: 'What it takes off', cell: ({ row }) => couponWords(row.original) }),
  column.accessor('retired_at', {
    header: 'State',
    cell: ({ row: { original } }) => (
      <div>
        <StatusBadge status={original.retired_at === null ? 'active' : 'retired'} />{' '}
        {original.retired_at === null && original.mayRetire && (
          <RetireButton
            name={original.name}
            consequence="It is given to nobody any more. Who has it keeps it."
            retire={() => retireCoupon(original.key)}
          />
        )}
      </div>
    ),
  }),
]);

export const Coupons = () => {
  const mayWrite = usePermission('billing:write');
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery(couponsQuery);
  return (
    <Panel
      title="Coupons"
      aside={
        mayWrite && (
          <Button size="xs" onClick={() => setCreating(true)}>
            Create a coupon
          </Button>
        )
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet. A coupon takes a percentage or an amount off the invoices of customers it is given to.
        </Text>
      )}
      {!error && data?.length !== 0 && (
        <DataTable
          caption="Coupons"
          columns={columns}
          rows={data?.map((one) => ({ ...one, mayRetire: mayWrite }))}
          rowId={({ key }) => key}
        />
      )}
      {isCreating && <CreateCoupon onClose={() => setCreating(false)} />}
    </Panel>
  );
};
