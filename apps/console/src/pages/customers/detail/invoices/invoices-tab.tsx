import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { invoicesQuery } from '../../../../api/invoices';
import { DataTable } from '../../../../ui/data-table';
import { ErrorAlert } from '../../../../ui/error-alert';
import { RouterAnchor } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { invoiceColumns } from '../../../invoices/list/invoice-columns';

const SHOWN = 10;

/** The newest invoices of a customer; all of them stand in the list. */
export const InvoicesTab = ({ customerId }: { customerId: string }) => {
  const { data, error, refetch } = useQuery(invoicesQuery({ customer_id: customerId, limit: SHOWN }));
  return (
    <Panel
      title="Invoices"
      aside={
        <RouterAnchor to="/invoices" search={{ customer_id: customerId }} size="sm">
          All of them
        </RouterAnchor>
      }
    >
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none yet. The billing run makes a draft when a period of a subscription ends.
        </Text>
      )}
      {!error && data?.data.length !== 0 && (
        <DataTable
          caption="Invoices of the customer"
          columns={invoiceColumns}
          rows={data?.data}
          rowId={({ id }) => id}
          numeric={['total', 'amount_due']}
        />
      )}
    </Panel>
  );
};
