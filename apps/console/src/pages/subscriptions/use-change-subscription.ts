import { useMutation, useQueryClient } from '@tanstack/react-query';
import { customerKeys } from '../../api/customers';
import { subscriptionKeys, subscriptionQuery, type VersionedSubscription } from '../../api/subscriptions';
import { toast } from '../../ui/toast';

/** What a refused change of a subscription is about: see UpdateError. */
export const conflictOf = (id: string) => ({ target: `subscription:${id}`, queryKey: subscriptionKeys.one(id) });

/** Changes a subscription; what depends on it is asked for anew. */
export const useChangeSubscription = <Variables>(
  id: string,
  change: (variables: Variables) => Promise<VersionedSubscription>,
  done: string,
  onSaved: () => void,
) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (saved) => {
      queryClient.setQueryData(subscriptionQuery(id).queryKey, saved);
      onSaved();
      toast(done);
      await queryClient.invalidateQueries({ queryKey: subscriptionKeys.all });
      await queryClient.invalidateQueries({ queryKey: customerKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['plans'] });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
};
