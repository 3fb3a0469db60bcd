import type { WebhookWithSecret } from '@bastionary/contracts/webhooks';
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useState } from 'react';
import { Command } from '../../ui/command';
import { Dialog } from '../../ui/dialog';

type Props = { endpoint: WebhookWithSecret; onStored: () => void };

/** The signing secret, the only time that it can be seen. Escape or a click beside it does not close this. */
export const SigningSecret = ({ endpoint, onStored }: Props) => {
  const [isStored, setStored] = useState(false);
  return (
    <Dialog opened title="The signing secret" size="lg">
      <Stack>
        <Alert color="orange" icon={<IconEye aria-hidden />} title="The secret is shown only now">
          Put it where your receiver reads its secrets. Any Standard Webhooks library verifies deliveries with it.
        </Alert>
        <Command label="Signing secret" command={endpoint.signing_secret} />
        <Text size="sm" c="dimmed">
          Deliveries to {endpoint.url} carry webhook-id, webhook-timestamp and webhook-signature.
        </Text>
        <Group justify="space-between">
          <Checkbox
            label="I have stored the secret"
            checked={isStored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          <Button onClick={onStored} disabled={!isStored}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
