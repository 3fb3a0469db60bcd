import { Button } from '@mantine/core';
import { IconGauge, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { metersQuery } from '../../api/meters';
import { usePermission } from '../../api/session';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { CreateMeter } from './create-meter';
import { meterColumns } from './meter-columns';

export const MeterListPage = () => {
  const maySee = usePermission('catalogue:read');
  const mayChange = usePermission('catalogue:write');
  const [isCreating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery({ ...metersQuery, enabled: maySee });
  if (!maySee) return <MissingPermission permission="catalogue:read" />;
  const createButton = mayChange && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create a meter
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Meters"
        description="What is counted of usage events. What a meter counts never changes: prices and invoices were made with it."
        actions={data && data.length > 0 && createButton}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!error && data?.length !== 0 && (
        <DataTable
          caption="Meters"
          columns={meterColumns}
          rows={data?.map((meter) => ({ ...meter, mayChange }))}
          rowId={({ key }) => key}
        />
      )}
      {data?.length === 0 && (
        <EmptyState icon={IconGauge} title="No meters yet" action={createButton}>
          A meter makes a number of events: how many calls, the sum of their bytes, how many different users. A price of
          a plan then charges it.
        </EmptyState>
      )}
      {isCreating && <CreateMeter onClose={() => setCreating(false)} />}
    </>
  );
};
