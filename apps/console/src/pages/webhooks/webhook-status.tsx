import type { Webhook } from '@bastionary/contracts/webhooks';
import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconPlayerPause } from '@tabler/icons-react';

const REASONS = { operator: 'disabled', failing: 'disabled: failing', gone: 'disabled: gone' } as const;

/** What an endpoint is, by word, icon and colour. */
export const WebhookStatus = ({ endpoint }: { endpoint: Webhook }) => {
  const { disabled_reason: reason, failing_since: failing } = endpoint;
  if (reason) {
    return (
      <Badge color={reason === 'operator' ? 'gray' : 'red'} leftSection={<IconPlayerPause size={13} aria-hidden />}>
        {REASONS[reason]}
      </Badge>
    );
  }
  return failing ? (
    <Badge color="orange" leftSection={<IconAlertTriangle size={13} aria-hidden />}>
      failing
    </Badge>
  ) : (
    <Badge color="green" leftSection={<IconCircleCheck size={13} aria-hidden />}>
      enabled
    </Badge>
  );
};
