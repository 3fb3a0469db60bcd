import { type JwkSet, jwksUri } from '@bastionary/contracts/client-metadata';
import { type CreateClientRequest, createClientRequest } from '@bastionary/contracts/clients';
import { z } from 'zod';
import { type ExpiryChoice, toExpiry } from '../expiry-field';
import { readKeys } from '../pasted-keys';

/** What the wizard has been told so far. */
export type Draft = {
  name: string;
  clientId: string;
  /** The id of the customer it belongs to; null: the installation. */
  customerId: string | null;
  expiry: ExpiryChoice;
  scopes: string[];
  proof: 'secret' | 'key';
  keySource: 'jwks' | 'jwks_uri';
  keys: string;
  keysUri: string;
};
export type DraftErrors = Partial<Record<keyof Draft, string>>;

export const emptyDraft: Draft = {
  name: '',
  clientId: '',
  customerId: null,
  expiry: { kind: 'never', at: '' },
  scopes: [],
  proof: 'secret',
  keySource: 'jwks',
  keys: '',
  keysUri: '',
};

const proofOf = (draft: Draft) => {
  if (draft.proof === 'secret') return {};
  const method = { token_endpoint_auth_method: 'private_key_jwt' as const };
  // Checked before: see checkName.
  return draft.keySource === 'jwks'
    ? { ...method, jwks: readKeys(draft.keys) as JwkSet }
    : { ...method, jwks_uri: draft.keysUri.trim() };
};

export const toRequest = (draft: Draft, now: Date): CreateClientRequest => ({
  name: draft.name,
  scopes: draft.scopes,
  ...(draft.clientId.trim() && { client_id: draft.clientId.trim() }),
  ...(draft.customerId && { customer_id: draft.customerId }),
  expiry: toExpiry(draft.expiry, now) ?? null,
  ...proofOf(draft),
});

/** The field of the draft that a field on the wire comes from. */
export const DRAFT_FIELD: Record<string, keyof Draft> = {
  name: 'name',
  client_id: 'clientId',
  customer_id: 'customerId',
  expiry: 'expiry',
  scopes: 'scopes',
  jwks: 'keys',
  jwks_uri: 'keysUri',
};

const checkProof = ({ proof, keySource, keys, keysUri }: Draft): DraftErrors => {
  if (proof === 'secret') return {};
  if (keySource === 'jwks') {
    const read = readKeys(keys);
    return typeof read === 'string' ? { keys: read } : {};
  }
  const fault = jwksUri.safeParse(keysUri.trim()).error?.issues[0]?.message;
  return fault ? { keysUri: fault } : {};
};

const { name, client_id } = createClientRequest.shape;
const nameAndId = z.object({ name, client_id });

export const checkName = (draft: Draft, now: Date): DraftErrors => {
  const errors: DraftErrors = {};
  const checked = nameAndId.safeParse({
    name: draft.name,
    ...(draft.clientId.trim() && { client_id: draft.clientId.trim() }),
  });
  for (const { path, message } of checked.error?.issues ?? []) {
    const field = DRAFT_FIELD[String(path[0])];
    if (field) errors[field] ??= message;
  }
  const expiry = toExpiry(draft.expiry, now);
  if (expiry === undefined) errors.expiry = 'must be a date and a time';
  else if (expiry !== null && Date.parse(expiry) <= now.getTime()) errors.expiry = 'must be in the future';
  return { ...errors, ...checkProof(draft) };
};

export const checkScopes = (draft: Draft): DraftErrors =>
  draft.scopes.length === 0 ? { scopes: 'Choose at least one scope.' } : {};
