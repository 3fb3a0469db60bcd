import { AppError } from '@bastionary/platform/app-error';
import type { CredentialRow } from './credential-rows.js';
import type { ClientRow } from './find-client.js';

/** @throws AppError not_found */
export function credentialOf(client: ClientRow, credentialId: string): CredentialRow {
  const credential = client.credentials.find(({ id }) => id === credentialId);
  if (credential === undefined) {
    throw new AppError('not_found', `The client ${client.clientId} has no credential ${credentialId}.`);
  }
  return credential;
}
