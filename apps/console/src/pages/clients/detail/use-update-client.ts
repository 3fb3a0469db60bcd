import type { UpdateClientRequest } from '@bastionary/contracts/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { clientQuery, updateClient } from '../../../api/clients';
import { toast } from '../../../ui/toast';

type Change = { body: UpdateClientRequest; done: string };

/** Saves a change against the version that was on the screen; the server refuses it if there is a newer one. */
export const useUpdateClient = (clientId: string, etag: string, onSaved?: () => void) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ body }: Change) => updateClient(clientId, etag, body),
    onSuccess: async (saved, { done }) => {
      queryClient.setQueryData(clientQuery(clientId).queryKey, saved);
      onSaved?.();
      toast(done);
      await queryClient.invalidateQueries({ queryKey: ['clients'] });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};
