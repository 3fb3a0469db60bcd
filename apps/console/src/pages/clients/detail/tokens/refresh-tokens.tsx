import { Collapse, Stack, Switch, Text } from '@mantine/core';
import { DurationField } from '../../../../ui/duration-field';
import { Panel } from '../../../../ui/panel';
import type { TokensDraft } from './tokens-draft';

type Props = {
  draft: TokensDraft;
  change: (part: Partial<TokensDraft>) => void;
  faults: Record<string, string>;
  isReadOnly: boolean;
};

export const RefreshTokens = ({ draft, change, faults, isReadOnly }: Props) => (
  <Panel title="Refresh tokens">
    <Stack>
      <Text size="sm" c="dimmed" maw="46rem">
        Most programs need none: RFC 6749 §4.4.3 says that the answer to client credentials should hold no refresh
        token, because the client can ask for a new access token whenever it wants. They are for programs that must not
        keep their credential at hand all the time.
      </Text>
      <Switch
        label="Give it refresh tokens"
        description="Each works once and is replaced by the next. If one is used twice, all that came from it die."
        checked={draft.hasRefreshTokens}
        onChange={(event) => change({ hasRefreshTokens: event.currentTarget.checked })}
        disabled={isReadOnly}
      />
      <Collapse expanded={draft.hasRefreshTokens}>
        <DurationField
          label="Lifetime of a family"
          description="From the first refresh token to the end of its last successor. Empty: the installation’s."
          placeholder="default"
          value={draft.refreshLifetime}
          onChange={(refreshLifetime) => change({ refreshLifetime })}
          error={faults.refresh_token_ttl}
          disabled={isReadOnly}
        />
      </Collapse>
    </Stack>
  </Panel>
);
