import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './http';

const isTransient = (error: Error) => error instanceof ApiError && (error.status === 0 || error.status >= 502);

/** Called when an answer says that nobody is signed in any more. */
let onSignedOut = () => {};
export const whenSignedOut = (callback: () => void) => {
  onSignedOut = callback;
};

const watchSession = (error: Error) => {
  if (error instanceof ApiError && error.status === 401 && error.code !== 'invalid_sign_in') onSignedOut();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watchSession }),
  mutationCache: new MutationCache({ onError: watchSession }),
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && isTransient(error), staleTime: 5_000 },
    // Answers to changes may hold a secret: they are forgotten as soon as nobody shows them.
    mutations: { gcTime: 0, retry: false },
  },
});
