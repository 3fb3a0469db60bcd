import type { Client } from '@bastionary/contracts/clients';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { UpdateError } from '../../audit/update-error';
import { conflictOf, useUpdateClient } from './use-update-client';

type Props = { client: Client; etag: string; opened: boolean; onClose: () => void };

export const SuspendDialog = ({ client, etag, opened, onClose }: Props) => {
  const isSuspended = client.status === 'suspended';
  const update = useUpdateClient(client.client_id, etag, onClose);
  const close = () => {
    update.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={isSuspended ? `Resume ${client.name}?` : `Suspend ${client.name}?`}
      confirmLabel={isSuspended ? 'Resume' : 'Suspend'}
      isDangerous={!isSuspended}
      isPending={update.isPending}
      error={null}
      onConfirm={() =>
        update.mutate({
          body: { status: isSuspended ? 'active' : 'suspended' },
          done: isSuspended ? `${client.name} is active again.` : `${client.name} is suspended.`,
        })
      }
    >
      <Consequences
        of={
          isSuspended
            ? [
                'It gets tokens again, with the secret and scopes it has.',
                'Tokens from before the suspension that have not expired work again.',
              ]
            : [
                'It gets no new token from now on.',
                'Its tokens are refused at introspection and at this installation’s own API within a second. A program that only checks signatures accepts them until they expire.',
                'Nothing is lost: you can resume it at any time.',
              ]
        }
      />
      {update.error && <UpdateError error={update.error} {...conflictOf(client.client_id)} onReload={close} />}
    </ConfirmDialog>
  );
};
