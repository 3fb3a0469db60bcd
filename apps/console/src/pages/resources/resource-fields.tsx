import { Stack, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery } from '../../api/catalogue';
import { clientsQuery } from '../../api/clients';
import { Choice } from '../../ui/choice';
import { DurationField } from '../../ui/duration-field';
import { ListField } from '../../ui/list-field';
import { Panel } from '../../ui/panel';
import type { ResourceDraft } from './resource-draft';
import { ScopeEditor } from './scope-editor';
import { FORMATS } from './token-formats';

type Props = {
  draft: ResourceDraft;
  change: (part: Partial<ResourceDraft>) => void;
  faults: Record<string, string>;
  isReadOnly?: boolean;
  /** The management API's scopes are the platform's own. */
  hasFixedScopes?: boolean;
};

/** Everything about a resource that can change. */
export const ResourceFields = ({ draft, change, faults, isReadOnly = false, hasFixedScopes = false }: Props) => {
  const clients = useQuery(clientsQuery({}));
  const features = useQuery(featuresQuery);
  // What a scope needs already can be chosen before the list has come.
  const keys = new Set([
    ...(features.data?.map(({ key }) => key) ?? []),
    ...draft.scopes.flatMap(({ feature }) => feature ?? []),
  ]);
  return (
    <>
      <Panel title="Scopes">
        <ScopeEditor
          value={draft.scopes}
          onChange={(scopes) => change({ scopes })}
          features={[...keys]}
          faults={faults}
          isReadOnly={isReadOnly || hasFixedScopes}
        />
      </Panel>
      <Panel title="Its tokens">
        <Stack>
          <Choice
            label="Format"
            options={FORMATS.resource}
            value={draft.format}
            onChange={(format) => change({ format: format as ResourceDraft['format'] })}
            isReadOnly={isReadOnly}
          />
          <DurationField
            label="Longest lifetime"
            description="Tokens for this resource live no longer. Empty: the client’s or the installation’s."
            placeholder="no limit of its own"
            value={draft.lifetime}
            onChange={(lifetime) => change({ lifetime })}
            error={faults.access_token_ttl}
            disabled={isReadOnly}
          />
          <Switch
            label="Only tokens bound to a key (DPoP)"
            description="RFC 9449: a client without a proof gets no token for this resource."
            checked={draft.dpop}
            onChange={(event) => change({ dpop: event.currentTarget.checked })}
            disabled={isReadOnly}
          />
        </Stack>
      </Panel>
      <Panel title="Who may introspect its tokens">
        <ListField
          label="Clients"
          description="The API’s own client, as a rule. Everybody else is answered that the token is not active."
          placeholder="client id"
          emptyText="Only clients with the permission to introspect every token"
          value={draft.introspection}
          onChange={(introspection) => change({ introspection })}
          suggestions={clients.data?.data.map(({ client_id, name }) => ({ value: client_id, label: name })) ?? []}
          error={faults.introspection_clients}
          isReadOnly={isReadOnly}
        />
      </Panel>
    </>
  );
};
