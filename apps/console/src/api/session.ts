import { type SetPasswordRequest, type SignInRequest, session } from '@bastionary/contracts/operators';
import type { Permission } from '@bastionary/contracts/permissions';
import { passkeyOptions } from '@bastionary/contracts/proofs';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { askPasskey } from './authenticator';
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

/** What an operator shows to prove who they are. */
export type Proof =
  | { kind: 'password'; password: string }
  | { kind: 'totp'; code: string }
  | { kind: 'recovery_code'; code: string }
  | { kind: 'passkey' };

const toBody = async (proof: Proof) => {
  if (proof.kind === 'password') return { password: proof.password };
  if (proof.kind === 'totp') return { code: proof.code };
  if (proof.kind === 'recovery_code') return { recovery_code: proof.code };
  const options = await fetchJson(passkeyOptions, '/api/session/passkey-challenge', { method: 'POST' });
  return { passkey: await askPasskey(options) };
};

export const verify = async (proof: Proof) =>
  fetchJson(session, '/api/session/verify', { method: 'POST', body: await toBody(proof) });

export const stepUp = async (proof: Proof) =>
  fetchJson(session, '/api/session/step-up', { method: 'POST', body: await toBody(proof) });

export const signInByPasskey = async () => {
  const options = await fetchJson(passkeyOptions, '/api/session/passkey-sign-in/challenge', { method: 'POST' });
  const passkey = await askPasskey(options);
  return fetchJson(session, '/api/session/passkey-sign-in', { method: 'POST', body: { passkey } });
};

export const signOut = () => send('/api/session', { method: 'DELETE' });

export const useSession = () => useQuery(sessionQuery).data ?? null;

export const usePermission = (permission: Permission) => useSession()?.permissions.includes(permission) ?? false;
