import type { Webhook } from '@bastionary/contracts/webhooks';
import { Button, Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconRepeat,
  IconSend,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { testWebhook, updateWebhook, webhookKeys } from '../../api/webhooks';
import { ErrorAlert } from '../../ui/error-alert';
import { toast } from '../../ui/toast';
import { EditDialog } from './edit-dialog';
import { RemoveDialog } from './remove-dialog';
import { ReplayDialog } from './replay-dialog';
import { RotateSecretDialog } from './rotate-secret-dialog';

type Props = { endpoint: Webhook; etag: string };
type Asked = 'edit' | 'replay' | 'rotate' | 'remove' | null;

export const WebhookActions = ({ endpoint, etag }: Props) => {
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const { id, enabled } = endpoint;
  const done = async (message: string) => {
    toast(message);
    await queryClient.invalidateQueries({ queryKey: webhookKeys.all });
  };
  const test = useMutation({
    mutationFn: () => testWebhook(id),
    onSuccess: () => done('The test event is on its way'),
  });
  const toggle = useMutation({
    mutationFn: () => updateWebhook(id, etag, { enabled: !enabled }),
    onSuccess: (changed) => done(changed.enabled ? 'Events are sent again' : 'Nothing is sent any more'),
  });
  const failed = test.error ?? toggle.error;

  return (
    <>
      <Button
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={() => test.mutate()}
        loading={test.isPending}
        disabled={!enabled}
      >
        Send test event
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />} loading={toggle.isPending}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setAsked('edit')}>
            Edit
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRepeat size={16} aria-hidden />}
            onClick={() => setAsked('replay')}
            disabled={!enabled}
          >
            Send again what happened
          </Menu.Item>
          <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsked('rotate')}>
            Rotate the signing secret
          </Menu.Item>
          <Menu.Item
            leftSection={enabled ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
            onClick={() => toggle.mutate()}
          >
            {enabled ? 'Disable' : 'Enable'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsked('remove')}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {failed && <ErrorAlert error={failed} />}
      {asked === 'edit' && <EditDialog endpoint={endpoint} etag={etag} onClose={close} />}
      <ReplayDialog endpoint={endpoint} opened={asked === 'replay'} onClose={close} />
      {asked === 'rotate' && <RotateSecretDialog id={id} onClose={close} />}
      <RemoveDialog id={id} opened={asked === 'remove'} onClose={close} />
    </>
  );
};
