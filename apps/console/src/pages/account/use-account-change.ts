import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session';

/** A change of the own account: what is shown of it, and what the session may, are read again. */
export const useAccountChange = <Input, Result>(
  change: (input: Input) => Promise<Result>,
  onSuccess?: (result: Result) => void,
) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (result) => {
      onSuccess?.(result);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ['account'] }),
        queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
    },
  });
};
