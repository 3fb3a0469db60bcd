import { ACCESS_TOKEN_TTL_MAX, accessTokenTtl } from '@bastionary/contracts/client-metadata';
import type { Client } from '@bastionary/contracts/clients';
import { formatDuration, toDraft, toSeconds } from '../../../../ui/duration';
import { differences } from '../../../../ui/use-draft';

export const readTokens = (client: Client) => ({
  format: client.access_token_format ?? ('default' as const),
  lifetime: toDraft(client.access_token_ttl),
  hasRefreshTokens: client.grant_types.includes('refresh_token'),
  refreshLifetime: toDraft(client.refresh_token_ttl, 'day'),
  resources: client.resources,
});
export type TokensDraft = ReturnType<typeof readTokens>;

/** The members to change; what is wrong with the fields that cannot be sent. */
export const writeTokens = (draft: TokensDraft, base: TokensDraft) => {
  const changed = differences(draft, base);
  const access = toSeconds(draft.lifetime);
  const refresh = toSeconds(draft.refreshLifetime);
  const faults: Record<string, string> = {};
  if (access !== null && !accessTokenTtl.safeParse(access).success) {
    faults.access_token_ttl = `must be between 10 seconds and ${formatDuration(ACCESS_TOKEN_TTL_MAX)}`;
  }
  if (refresh !== null && Number.isNaN(refresh)) faults.refresh_token_ttl = 'must be a duration';
  if (draft.resources?.length === 0) faults.resources = 'Choose at least one, or let its scopes decide.';
  if (Object.keys(faults).length > 0) return { faults };
  return {
    body: {
      ...(changed.format && { access_token_format: changed.format === 'default' ? null : changed.format }),
      ...(changed.lifetime && { access_token_ttl: access }),
      ...(changed.hasRefreshTokens !== undefined && {
        grant_types: ['client_credentials' as const, ...(changed.hasRefreshTokens ? (['refresh_token'] as const) : [])],
      }),
      ...(changed.refreshLifetime && { refresh_token_ttl: refresh }),
      ...('resources' in changed && { resources: draft.resources }),
    },
  };
};
