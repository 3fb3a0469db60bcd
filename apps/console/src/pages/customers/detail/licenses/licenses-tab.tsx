import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { licensesQuery } from '../../../../api/licenses';
import { usePermission } from '../../../../api/session';
import { DataTable } from '../../../../ui/data-table';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { licenseColumns } from '../../../licenses/license-columns';

const SHOWN = 10;
const columns = licenseColumns.filter((column) => !('accessorKey' in column && column.accessorKey === 'customer_id'));

/** The newest licences of a customer; all of them stand in the list. */
export const LicensesTab = ({ customerId }: { customerId: string }) => {
  const { data, error, refetch } = useQuery(licensesQuery({ customer_id: customerId, limit: SHOWN }));
  const mayIssue = usePermission('licenses:write');
  return (
    <Panel
      title="Licences"
      aside={
        <Group gap="sm">
          <RouterAnchor to="/licenses" search={{ customer_id: customerId }} size="sm">
            All of them
          </RouterAnchor>
          {mayIssue && (
            <RouterButton
              to="/licenses"
              search={{ customer_id: customerId, issue: 'yes' }}
              size="compact-sm"
              variant="default"
            >
              Issue one
            </RouterButton>
          )}
        </Group>
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet. One is issued by hand, or by a subscription to a plan that a licence policy names.
        </Text>
      )}
      {!error && data?.data.length !== 0 && (
        <DataTable caption="Licences of the customer" columns={columns} rows={data?.data} rowId={({ id }) => id} />
      )}
    </Panel>
  );
};
