import type { WebhookDelivery } from '@bastionary/contracts/webhooks';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { usePermission } from '../../api/session';
import { deliveryQuery, replayDeliveries, webhookKeys } from '../../api/webhooks';
import { Command } from '../../ui/command';
import { CopyableId } from '../../ui/copyable-id';
import { ErrorAlert } from '../../ui/error-alert';
import { Facts } from '../../ui/facts';
import { formatDateTime, Time } from '../../ui/time';
import { toast } from '../../ui/toast';

type Props = { webhookId: string; delivery: WebhookDelivery };

const wordOf = (deliveries: number) => (deliveries === 0 ? 'It is tried at once' : 'It is sent again');

/** What was sent and every attempt, below its row. */
export const DeliveryDetail = ({ webhookId, delivery }: Props) => {
  const queryClient = useQueryClient();
  const mayWrite = usePermission('webhooks:write');
  const { data, error } = useQuery(deliveryQuery(webhookId, delivery.id));
  const replay = useMutation({
    mutationFn: () => replayDeliveries(webhookId, { delivery_id: delivery.id }),
    onSuccess: async ({ deliveries }) => {
      toast(wordOf(deliveries));
      await queryClient.invalidateQueries({ queryKey: webhookKeys.one(webhookId) });
    },
  });
  if (error) return <ErrorAlert error={error} />;
  if (!data) return <Skeleton height={120} />;
  return (
    <Stack gap="sm">
      <Facts
        facts={[
          ['Delivery', <CopyableId key="id" id={data.id} what="delivery id" />],
          ['Event', <CopyableId key="event" id={data.event_id} what="event id" />],
          ['Key', data.key],
          ['Next attempt', data.next_attempt_at ? <Time key="next" value={data.next_attempt_at} /> : '–'],
        ]}
      />
      <Command label="Payload" command={data.payload} />
      {data.log.map(({ number, at, duration_ms, response_status, response_body, error: fault }) => (
        <div key={number}>
          <Text size="sm">
            Attempt {number} · {formatDateTime(at)} · {duration_ms} ms · {response_status ?? 'no answer'}
            {fault && ` · ${fault}`}
          </Text>
          {response_body && <Command label={`Answer to attempt ${number}`} command={response_body} />}
        </div>
      ))}
      {replay.error && <ErrorAlert error={replay.error} />}
      {mayWrite && (
        <Group>
          <Button variant="default" onClick={() => replay.mutate()} loading={replay.isPending}>
            {data.status === 'pending' ? 'Try now' : 'Send again'}
          </Button>
        </Group>
      )}
    </Stack>
  );
};
