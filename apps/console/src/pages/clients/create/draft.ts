import { createClientRequest } from '@bastionary/contracts/clients';
import { type ExpiryChoice, toExpiry } from '../expiry-field';

/** What the wizard has been told so far. */
export type Draft = { name: string; clientId: string; expiry: ExpiryChoice; scopes: string[] };
export type DraftErrors = Partial<Record<keyof Draft, string>>;

export const emptyDraft: Draft = { name: '', clientId: '', expiry: { kind: 'never', at: '' }, scopes: [] };

export const toRequest = (draft: Draft, now: Date) => ({
  name: draft.name,
  scopes: draft.scopes,
  ...(draft.clientId.trim() && { client_id: draft.clientId.trim() }),
  expiry: toExpiry(draft.expiry, now) ?? null,
});

/** The field of the draft that a field on the wire comes from. */
export const DRAFT_FIELD: Record<string, keyof Draft> = {
  name: 'name',
  client_id: 'clientId',
  expiry: 'expiry',
  scopes: 'scopes',
};

export const checkName = (draft: Draft, now: Date): DraftErrors => {
  const errors: DraftErrors = {};
  const checked = createClientRequest.pick({ name: true, client_id: true }).safeParse({
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
  return errors;
};

export const checkScopes = (draft: Draft): DraftErrors =>
  draft.scopes.length === 0 ? { scopes: 'Choose at least one scope.' } : {};
