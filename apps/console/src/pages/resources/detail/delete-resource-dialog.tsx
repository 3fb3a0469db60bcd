import type { Resource } from '@bastionary/contracts/resources';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { deleteResource, resourceKeys } from '../../../api/resources';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { toast } from '../../../ui/toast';

type Props = { resource: Resource; onClose: () => void };

/** The server refuses as long as a client holds one of its scopes, and names it. */
export const DeleteResourceDialog = ({ resource, onClose }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteResource(resource.id),
    onSuccess: async () => {
      await navigate({ to: '/resources' });
      queryClient.removeQueries({ queryKey: resourceKeys.one(resource.id) });
      await queryClient.invalidateQueries({ queryKey: resourceKeys.all });
      toast(`${resource.name} is deleted.`);
    },
  });
  const scopes = resource.scopes.map(({ name }) => name);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${resource.name}?`}
      confirmLabel="Delete the resource"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Consequences
        of={[
          scopes.length === 0 ? 'It owns no scopes.' : `Its scopes go with it: ${scopes.join(', ')}.`,
          'As long as a client has one of them, nothing is deleted; the answer then says which.',
          'Tokens already issued for it stay valid until they expire. Revoke them first if they must not.',
        ]}
      />
    </ConfirmDialog>
  );
};
