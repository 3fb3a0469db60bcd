import { type SetPasswordRequest, type SignInRequest, session } from '@bastionary/contracts/operators';
import type { Permission } from '@bastionary/contracts/permissions';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError, fetchJson, send } from './http';

/** Who is signed in; null if nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) =>
    fetchJson(session, '/api/session', { signal }).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }),
  staleTime: 60_000,
});

export const redeemLink = (token: string) =>
  fetchJson(session, '/api/session/link', { method: 'POST', body: { token } });

export const setPassword = (body: SetPasswordRequest) =>
  fetchJson(session, '/api/session/password', { method: 'POST', body });

export const signIn = (body: SignInRequest) => fetchJson(session, '/api/session', { method: 'POST', body });

export const signOut = () => send('/api/session', { method: 'DELETE' });

export const useSession = () => useQuery(sessionQuery).data ?? null;

export const usePermission = (permission: Permission) => useSession()?.permissions.includes(permission) ?? false;
