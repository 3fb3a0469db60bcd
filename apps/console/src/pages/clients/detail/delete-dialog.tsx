import type { Client } from '@bastionary/contracts/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { clientKeys, deleteClient } from '../../../api/clients';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { toast } from '../../../ui/toast';

type Props = { client: Client; opened: boolean; onClose: () => void };

export const DeleteDialog = ({ client, opened, onClose }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteClient(client.client_id),
    onSuccess: async () => {
      await navigate({ to: '/clients', search: {} });
      queryClient.removeQueries({ queryKey: clientKeys.one(client.client_id) });
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
      toast(`${client.name} is deleted.`);
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${client.name}?`}
      confirmLabel="Delete for ever"
      isDangerous
      typeToConfirm={client.client_id}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Consequences
        of={[
          'It gets no new token, and its tokens are refused at once.',
          'Its secret is destroyed. This cannot be undone.',
          'Its id is never given to another client.',
          'Its records in the audit log stay.',
        ]}
      />
    </ConfirmDialog>
  );
};
