import type { UpdateWebhookRequest, Webhook } from '@bastionary/contracts/webhooks';
import { Button, Group, NumberInput, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import {
  deleteWebhook,
  replayDeliveries,
  rotateSigningSecret,
  testWebhook,
  updateWebhook,
  webhookKeys,
} from '../../api/webhooks';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { ErrorAlert } from '../../ui/error-alert';
import { toast } from '../../ui/toast';
import { EndpointForm } from './endpoint-form';
import { SigningSecret } from './signing-secret';

type Props = { endpoint: Webhook; etag: string };
type OpenDialog = 'edit' | 'rotate' | 'delete' | null;

const HOURS = 24;
const DEAD_LETTERS = { from: '2000-01-01T00:00:00Z', to: '9999-01-01T00:00:00Z', dead_only: true } as const;

export const WebhookActions = ({ endpoint, etag }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [hours, setHours] = useState(HOURS);
  const close = () => setDialog(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: webhookKeys.all });
  const { id, enabled, dead } = endpoint;

  const test = useMutation({
    mutationFn: () => testWebhook(id),
    onSuccess: () => done('The test event is on its way'),
  });
  const replay = useMutation({
    mutationFn: () => replayDeliveries(id, DEAD_LETTERS),
    onSuccess: ({ deliveries }) => done(`${deliveries} dead letters are sent again`),
  });
  const update = useMutation({
    mutationFn: (change: UpdateWebhookRequest) => updateWebhook(id, etag, change),
    onSuccess: () => done('Saved'),
  });
  const rotate = useMutation({
    mutationFn: () => rotateSigningSecret(id, hours * 3_600, idempotencyKey()),
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: () => deleteWebhook(id),
    onSuccess: async () => {
      await navigate({ to: '/webhooks' });
      await done('The endpoint is removed');
    },
  });
  const done = async (message: string) => {
    close();
    toast(message);
    await refresh();
  };
  const storeSecret = async () => {
    rotate.reset();
    close();
    await refresh();
  };
  const failed = test.error ?? replay.error ?? (dialog === null ? update.error : null);

  return (
    <>
      <Group gap="xs">
        <Button onClick={() => test.mutate()} loading={test.isPending} disabled={!enabled}>
          Send test event
        </Button>
        {dead > 0 && (
          <Button variant="default" onClick={() => replay.mutate()} loading={replay.isPending} disabled={!enabled}>
            Replay dead letters
          </Button>
        )}
        <Button variant="default" onClick={() => setDialog('edit')}>
          Edit
        </Button>
        <Button variant="default" onClick={() => update.mutate({ enabled: !enabled })} loading={update.isPending}>
          {enabled ? 'Disable' : 'Enable'}
        </Button>
        <Button variant="default" onClick={() => setDialog('rotate')}>
          Rotate secret
        </Button>
        <Button variant="default" color="red" onClick={() => setDialog('delete')}>
          Remove
        </Button>
      </Group>
      {failed && <ErrorAlert error={failed} />}
      <EndpointForm
        opened={dialog === 'edit'}
        onClose={close}
        title="Edit the endpoint"
        initial={endpoint}
        submitLabel="Save"
        onSubmit={(draft) => update.mutate(draft)}
        isPending={update.isPending}
        error={update.error}
      />
      {rotate.data ? (
        <SigningSecret endpoint={rotate.data} onStored={storeSecret} />
      ) : (
        <ConfirmDialog
          opened={dialog === 'rotate'}
          onClose={close}
          title="Rotate the signing secret?"
          confirmLabel="Rotate now"
          onConfirm={() => rotate.mutate()}
          isPending={rotate.isPending}
          error={rotate.error}
        >
          <NumberInput
            label="Overlap in hours"
            description="Until then deliveries are signed with the old secret as well; 0 ends it at once"
            value={hours}
            onChange={(value) => setHours(Number(value) || 0)}
            min={0}
            max={720}
            hideControls
          />
        </ConfirmDialog>
      )}
      <ConfirmDialog
        opened={dialog === 'delete'}
        onClose={close}
        title="Remove this endpoint?"
        confirmLabel="Remove"
        onConfirm={() => remove.mutate()}
        isPending={remove.isPending}
        error={remove.error}
        isDangerous
      >
        <Text size="sm">Nothing is sent to it any more. What is pending is dropped; its log and secrets go.</Text>
      </ConfirmDialog>
    </>
  );
};
