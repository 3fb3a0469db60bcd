import { Stack } from '@mantine/core';
import { Choice } from '../../../../ui/choice';
import { DurationField } from '../../../../ui/duration-field';
import { Panel } from '../../../../ui/panel';
import { FORMATS } from '../../../resources/token-formats';
import { ClientForm, type ClientFormProps } from '../client-form';
import { RefreshTokens } from './refresh-tokens';
import { ResourceChoice } from './resource-choice';
import { RevokeAll } from './revoke-all';
import { readTokens, type TokensDraft, writeTokens } from './tokens-draft';

/** What kind of tokens the client gets, how long they live, and how to end them all. */
export const TokensTab = (props: ClientFormProps) => (
  <Stack gap="lg">
    <ClientForm {...props} read={readTokens} write={writeTokens} done="The token settings are saved.">
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
