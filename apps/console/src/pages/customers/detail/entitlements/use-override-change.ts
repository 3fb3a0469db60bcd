import { useMutation, useQueryClient } from '@tanstack/react-query';
import { customerKeys } from '../../../../api/customers';
import { toast } from '../../../../ui/toast';

/** Changes an override; afterwards everything that is shown of the customer is asked for anew. */
export const useOverrideChange = <Body = void>(
  customerId: string,
  act: (body: Body) => Promise<unknown>,
  { done, onDone }: { done: string; onDone: () => void },
) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async () => {
      toast(done);
      onDone();
      await queryClient.invalidateQueries({ queryKey: customerKeys.one(customerId) });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};
