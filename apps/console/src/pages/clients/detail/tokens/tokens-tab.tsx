import { ACCESS_TOKEN_TTL_MAX, accessTokenTtl } from '@bastionary/contracts/client-metadata';
import type { Client } from '@bastionary/contracts/clients';
import { Stack } from '@mantine/core';
import { Choice } from '../../../../ui/choice';
import { formatDuration, toDraft, toSeconds } from '../../../../ui/duration';
import { DurationField } from '../../../../ui/duration-field';
import { Panel } from '../../../../ui/panel';
import { differences } from '../../../../ui/use-draft';
import { FORMATS } from '../../../resources/token-formats';
import { ClientForm, type ClientFormProps } from '../client-form';
import { RefreshTokens } from './refresh-tokens';
import { ResourceChoice } from './resource-choice';
import { RevokeAll } from './revoke-all';

const read = (client: Client) => ({
  format: client.access_token_format ?? ('default' as const),
  lifetime: toDraft(client.access_token_ttl),
  hasRefreshTokens: client.grant_types.includes('refresh_token'),
  refreshLifetime: toDraft(client.refresh_token_ttl, 'day'),
  resources: client.resources,
});
export type TokensDraft = ReturnType<typeof read>;

const write = (draft: TokensDraft, base: TokensDraft) => {
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

/** What kind of tokens the client gets, how long they live, and how to end them all. */
export const TokensTab = (props: ClientFormProps) => (
  <Stack gap="lg">
    <ClientForm {...props} read={read} write={write} done="The token settings are saved.">
      {({ draft, change, faults, isReadOnly }) => (
        <>
          <Panel title="Access tokens">
            <Stack>
              <Choice
                label="Format"
                options={FORMATS.client}
                value={draft.format}
                onChange={(format) => change({ format: format as TokensDraft['format'] })}
                isReadOnly={isReadOnly}
              />
              <DurationField
                label="Lifetime"
                description="The shortest of the client’s and its resources’ holds. Empty: the installation’s."
                placeholder="default"
                value={draft.lifetime}
                onChange={(lifetime) => change({ lifetime })}
                error={faults.access_token_ttl}
                disabled={isReadOnly}
              />
              <ResourceChoice
                value={draft.resources}
                onChange={(resources) => change({ resources })}
                error={faults.resources}
                isReadOnly={isReadOnly}
              />
            </Stack>
          </Panel>
          <RefreshTokens draft={draft} change={change} faults={faults} isReadOnly={isReadOnly} />
        </>
      )}
    </ClientForm>
    <RevokeAll client={props.client} />
  </Stack>
);
