import type { Webhook } from '@bastionary/contracts/webhooks';
import { Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { usePermission } from '../../api/session';
import { webhooksQuery } from '../../api/webhooks';
import { columnsFor, DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor } from '../../ui/links';
import { PageHeader } from '../../ui/page-header';
import { CreateWebhook } from './create-webhook';
import { WebhookStatus } from './webhook-status';

const column = columnsFor<Webhook>();
const columns = column.columns([
  column.accessor('url', {
    header: 'URL',
    cell: ({ row: { original } }) => (
      <div>
        <RouterAnchor to="/webhooks/$webhookId" params={{ webhookId: original.id }} search={{}}>
          {original.url}
        </RouterAnchor>
        {original.description && (
          <Text size="xs" c="dimmed">
            {original.description}
          </Text>
        )}
      </div>
    ),
  }),
  column.accessor('enabled', { header: 'State', cell: ({ row }) => <WebhookStatus endpoint={row.original} /> }),
  column.accessor('event_types', { header: 'Events', cell: ({ row }) => row.original.event_types.join(', ') }),
  column.accessor('pending', { header: 'Pending' }),
  column.accessor('dead', { header: 'Dead letters' }),
]);

export const WebhookListPage = () => {
  const { data, error, refetch } = useQuery(webhooksQuery);
  const mayWrite = usePermission('webhooks:write');
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What happens here, sent to your own addresses: signed, retried for three days, in order."
        actions={mayWrite && <CreateWebhook />}
      />
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {data?.length === 0 && (
        <EmptyState icon={IconWebhook} title="No endpoint yet">
          Add the address of a program that should hear of clients, keys or revocations as they change.
        </EmptyState>
      )}
      {!error && data?.length !== 0 && (
        <DataTable caption="Webhook endpoints" columns={columns} rows={data} rowId={({ id }) => id} />
      )}
    </>
  );
};
