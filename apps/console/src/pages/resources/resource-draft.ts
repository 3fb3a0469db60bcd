import { ACCESS_TOKEN_TTL_MAX, accessTokenTtl } from '@bastionary/contracts/client-metadata';
import { type CreateResourceRequest, createResourceRequest, type Resource } from '@bastionary/contracts/resources';
import { type DurationDraft, formatDuration, toDraft, toSeconds } from '../../ui/duration';

/** `key` tells the rows apart while their names are being typed. */
export type ScopeRow = { key: string; name: string; description: string; feature: string | null };

export type ResourceDraft = {
  name: string;
  scopes: ScopeRow[];
  format: 'default' | 'jwt' | 'opaque';
  lifetime: DurationDraft;
  dpop: boolean;
  introspection: string[];
};

let rows = 0;
export const emptyRow = (): ScopeRow => {
  rows += 1;
  return { key: `new-${rows}`, name: '', description: '', feature: null };
};

export const emptyResource = (): ResourceDraft => ({
  name: '',
  scopes: [emptyRow()],
  format: 'default',
  lifetime: toDraft(null),
  dpop: false,
  introspection: [],
});

export const readResource = (resource: Resource): ResourceDraft => ({
  name: resource.name,
  scopes: resource.scopes.map((scope) => ({ key: scope.name, ...scope })),
  format: resource.access_token_format ?? 'default',
  lifetime: toDraft(resource.access_token_ttl),
  dpop: resource.dpop_required,
  introspection: resource.introspection_clients,
});

const isBlank = ({ name, description }: ScopeRow) => name.trim() === '' && description.trim() === '';

export const scopesOf = (draft: ResourceDraft) =>
  draft.scopes
    .filter((row) => !isBlank(row))
    .map(({ name, description, feature }) => ({ name: name.trim(), description: description.trim(), feature }));

/** The request; what is wrong, by field, with a scope's fields named `scopes.<key>.name`. */
export const writeResource = (
  identifier: string,
  draft: ResourceDraft,
): { body: CreateResourceRequest } | { faults: Record<string, string> } => {
  const ttl = toSeconds(draft.lifetime);
  const faults: Record<string, string> = {};
  if (ttl !== null && !accessTokenTtl.safeParse(ttl).success) {
    faults.access_token_ttl = `must be between 10 seconds and ${formatDuration(ACCESS_TOKEN_TTL_MAX)}`;
  }
  const body = {
    identifier: identifier.trim(),
    ...(draft.name.trim() && { name: draft.name.trim() }),
    scopes: scopesOf(draft),
    access_token_format: draft.format === 'default' ? null : draft.format,
    access_token_ttl: faults.access_token_ttl ? null : ttl,
    dpop_required: draft.dpop,
    introspection_clients: draft.introspection,
  };
  const kept = draft.scopes.filter((row) => !isBlank(row));
  for (const { path, message } of createResourceRequest.safeParse(body).error?.issues ?? []) {
    const row = path[0] === 'scopes' && typeof path[1] === 'number' ? kept[path[1]] : undefined;
    faults[row ? `scopes.${row.key}.${String(path[2])}` : String(path[0])] ??= message;
  }
  return Object.keys(faults).length > 0 ? { faults } : { body };
};
