import type { UpdateCustomerRequest } from '@bastionary/contracts/customers';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { customerKeys, customerQuery, updateCustomer } from '../../../api/customers';
import { toast } from '../../../ui/toast';

/** What a refused change of a customer is about: see UpdateError. */
export const conflictOf = (id: string) => ({ target: `customer:${id}`, queryKey: customerKeys.one(id) });

type Change = { body: UpdateCustomerRequest; done: string };

/** Saves a change against the version that was on the screen; the server refuses it if there is a newer one. */
export const useUpdateCustomer = (id: string, etag: string, onSaved?: () => void) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ body }: Change) => updateCustomer(id, etag, body),
    onSuccess: async (saved, { done }) => {
      queryClient.setQueryData(customerQuery(id).queryKey, saved);
      onSaved?.();
      toast(done);
      await queryClient.invalidateQueries({ queryKey: customerKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};
