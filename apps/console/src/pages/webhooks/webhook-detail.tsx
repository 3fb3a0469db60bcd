import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../api/session';
import { webhookQuery } from '../../api/webhooks';
import { CopyableId } from '../../ui/copyable-id';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { RouterAnchor } from '../../ui/links';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import { Deliveries } from './deliveries';
import { SigningSecrets } from './signing-secrets';
import { WebhookActions } from './webhook-actions';
import { WebhookStatus } from './webhook-status';

const route = getRouteApi('/signed-in/webhooks/$webhookId');

const toWebhooks = (
  <RouterAnchor to="/webhooks" size="sm">
    ← Webhooks
  </RouterAnchor>
);

export const WebhookDetailPage = () => {
  const { webhookId } = route.useParams();
  const mayWrite = usePermission('webhooks:write');
  const { data, error, refetch } = useQuery(webhookQuery(webhookId));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={280} />;
  const { endpoint, etag } = data;
  return (
    <>
      <PageHeader
        above={toWebhooks}
        title={endpoint.description ?? endpoint.url}
        titleAside={<WebhookStatus endpoint={endpoint} />}
        description={<CopyableId id={endpoint.id} what="endpoint id" />}
        actions={mayWrite && <WebhookActions endpoint={endpoint} etag={etag} />}
      />
      <Stack gap="lg">
        <Panel title="Endpoint">
          <Facts
            facts={[
              ['URL', endpoint.url],
              ['Events', endpoint.event_types.join(', ')],
              ['Pending', String(endpoint.pending)],
              ['Dead letters', String(endpoint.dead)],
              ['Failing since', endpoint.failing_since ? <Time key="since" value={endpoint.failing_since} /> : '–'],
              ['Signing secrets', <SigningSecrets key="secrets" secrets={endpoint.secrets} />],
              ['Added', <Time key="added" value={endpoint.created_at} as="date" />],
            ]}
          />
        </Panel>
        <Deliveries webhookId={webhookId} />
      </Stack>
    </>
  );
};
