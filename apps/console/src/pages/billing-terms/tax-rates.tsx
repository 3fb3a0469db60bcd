import type { TaxRate } from '@bastionary/contracts/billing-terms';
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { retireTaxRate, taxRatesQuery } from '../../api/billing-terms';
import { usePermission } from '../../api/session';
import { columnsFor, DataTable } from '../../ui/data-table';
import { ErrorAlert } from '../../ui/error-alert';
import { formatDecimal } from '../../ui/money';
import { Panel } from '../../ui/panel';
import { StatusBadge } from '../../ui/status-badge';
import { countryName } from '../customers/places';
import { CreateTaxRate } from './create-tax-rate';
import { RetireButton } from './retire-button';

const column = columnsFor<TaxRate & { mayRetire: boolean }>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Tax rate',
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
  column.accessor('country', {
    header: 'For customers in',
    cell: ({ row: { original } }) =>
      original.country === null ? 'countries without a rate of their own' : countryName(original.country),
  }),
  column.accessor('percent', {
    header: 'Rate',
    cell: ({ row: { original } }) => `${formatDecimal(original.percent)} %`,
  }),
  column.accessor('inclusive', {
    header: 'How',
    cell: ({ row: { original } }) => (
      <>
        {original.inclusive ? 'included in prices' : 'on top of prices'}
        {original.reverse_charge && <div>reverse charge for businesses abroad</div>}
      </>
    ),
  }),
  column.accessor('retired_at', {
    header: 'State',
    cell: ({ row: { original } }) => (
      <div>
        <StatusBadge status={original.retired_at === null ? 'active' : 'retired'} />{' '}
        {original.retired_at === null && original.mayRetire && (
          <RetireButton
            name={original.name}
            consequence="New invoices no longer take it. What was billed with it stays."
            retire={() => retireTaxRate(original.key)}
          />
        )}
      </div>
    ),
  }),
]);

export const TaxRates = () => {
  const mayWrite = usePermission('billing:write');
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery(taxRatesQuery);
  return (
    <Panel
      title="Tax rates"
      aside={
        mayWrite && (
          <Button size="xs" onClick={() => setCreating(true)}>
            Create a tax rate
          </Button>
        )
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet: invoices carry no tax.
        </Text>
      )}
      {!error && data?.length !== 0 && (
        <DataTable
          caption="Tax rates"
          columns={columns}
          rows={data?.map((one) => ({ ...one, mayRetire: mayWrite }))}
          rowId={({ key }) => key}
          numeric={['percent']}
        />
      )}
      {isCreating && <CreateTaxRate onClose={() => setCreating(false)} />}
    </Panel>
  );
};
