import {
  addedFactor,
  openSessions,
  passkey,
  passkeyOptions,
  recoveryCodes,
  secondFactors,
  totpEnrolment,
} from '@bastionary/contracts/proofs';
import { queryOptions } from '@tanstack/react-query';
import { makePasskey } from './authenticator';
import { fetchJson, send } from './http';

const OWN = '/api/session';

export const secondFactorsQuery = queryOptions({
  queryKey: ['account', 'second-factors'],
  queryFn: ({ signal }) => fetchJson(secondFactors, `${OWN}/second-factors`, { signal }),
});

export const ownSessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => fetchJson(openSessions, `${OWN}/sessions`, { signal }),
});

export const beginTotp = () => fetchJson(totpEnrolment, `${OWN}/totp`, { method: 'POST' });

export const confirmTotp = (code: string) =>
  fetchJson(addedFactor, `${OWN}/totp/confirm`, { method: 'POST', body: { code } });

export const removeTotp = () => send(`${OWN}/totp`, { method: 'DELETE' });

export const newRecoveryCodes = () => fetchJson(recoveryCodes, `${OWN}/recovery-codes`, { method: 'POST' });

export const addPasskey = async (name: string) => {
  const options = await fetchJson(passkeyOptions, `${OWN}/passkey-registration`, { method: 'POST' });
  const attestation = await makePasskey(options);
  return fetchJson(addedFactor, `${OWN}/passkeys`, { method: 'POST', body: { name, attestation } });
};

export const renamePasskey = (id: string, name: string) =>
  fetchJson(passkey, `${OWN}/passkeys/${id}`, { method: 'PATCH', body: { name } });

export const removePasskey = (id: string) => send(`${OWN}/passkeys/${id}`, { method: 'DELETE' });

export const endSession = (id: string) => send(`${OWN}/sessions/${id}`, { method: 'DELETE' });

export const endOtherSessions = () => send(`${OWN}/sessions`, { method: 'DELETE' });
