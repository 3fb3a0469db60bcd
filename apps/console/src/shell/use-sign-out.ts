import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { queryClient } from '../api/query-client';
import { sessionQuery, signOut } from '../api/session';
import { forgetRecent } from './palette/recent-entries';

export const useSignOut = () => {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      forgetRecent();
      await navigate({ to: '/sign-in', search: {} });
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, null);
    },
  });
};
