import type { Client } from '@bastionary/contracts/clients';
import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { usePermission } from '../../../api/session';
import { RotateDialog } from './credentials/rotate-dialog';
import { DeleteDialog } from './delete-dialog';
import { SuspendDialog } from './suspend-dialog';

type Action = 'rotate' | 'suspend' | 'delete';
type Props = { client: Client; etag: string };

export const ClientActions = ({ client, etag }: Props) => {
  const mayWrite = usePermission('clients:write');
  const [asked, setAsked] = useState<Action | null>(null);
  const close = () => setAsked(null);
  const hasSecret = client.credentials.some(({ kind }) => kind === 'secret');
  const isSuspended = client.status === 'suspended';
  if (!mayWrite) return null;

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {hasSecret && (
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsked('rotate')}>
              Rotate the secret
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={
              isSuspended ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
            }
            onClick={() => setAsked('suspend')}
          >
            {isSuspended ? 'Resume' : 'Suspend'}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setAsked('delete')}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'rotate' && <RotateDialog client={client} onClose={close} />}
      <SuspendDialog client={client} etag={etag} opened={asked === 'suspend'} onClose={close} />
      <DeleteDialog client={client} opened={asked === 'delete'} onClose={close} />
    </>
  );
};
