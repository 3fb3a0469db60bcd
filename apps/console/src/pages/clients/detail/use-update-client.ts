import type { UpdateClientRequest } from '@bastionary/contracts/clients';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { clientKeys, clientQuery, updateClient } from '../../../api/clients';
import { toast } from '../../../ui/toast';

/** What a refused change of a client is about: see UpdateError. */
export const conflictOf = (clientId: string) => ({ target: `client:${clientId}`, queryKey: clientKeys.one(clientId) });

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
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};
