import {
  type AddCredentialRequest,
  credential,
  credentialList,
  credentialWithSecret,
  retirement,
  type UpdateCredentialRequest,
} from '@bastionary/contracts/credentials';
import { queryOptions } from '@tanstack/react-query';
import { clientKeys, clientPath } from './clients';
import { fetchJson, send } from './http';

const path = (clientId: string, credentialId?: string) =>
  `${clientPath(clientId)}/credentials${credentialId === undefined ? '' : `/${encodeURIComponent(credentialId)}`}`;

const credentialsKey = (clientId: string) => [...clientKeys.one(clientId), 'credentials'] as const;

/** Fresh every ten seconds: whoever rotates a secret watches the old one fall silent. */
export const credentialsQuery = (clientId: string) =>
  queryOptions({
    queryKey: [...credentialsKey(clientId), 'list'],
    queryFn: async ({ signal }) => (await fetchJson(credentialList, path(clientId), { signal })).data,
    refetchInterval: 10_000,
  });

/** Whether a credential can go without anybody noticing. */
export const retirementQuery = (clientId: string, credentialId: string) =>
  queryOptions({
    queryKey: [...credentialsKey(clientId), credentialId, 'retirement'],
    queryFn: ({ signal }) => fetchJson(retirement, `${path(clientId, credentialId)}/retirement`, { signal }),
    refetchInterval: 10_000,
  });

export const addCredential = (clientId: string, body: AddCredentialRequest, key: string) =>
  fetchJson(credentialWithSecret, path(clientId), { method: 'POST', body, headers: { 'idempotency-key': key } });

export const updateCredential = (clientId: string, credentialId: string, body: UpdateCredentialRequest) =>
  fetchJson(credential, path(clientId, credentialId), { method: 'PATCH', body });

export const deleteCredential = (clientId: string, credentialId: string, force: boolean) =>
  send(`${path(clientId, credentialId)}${force ? '?force=true' : ''}`, { method: 'DELETE' });
