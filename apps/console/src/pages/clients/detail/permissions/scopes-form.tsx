import type { Client } from '@bastionary/contracts/clients';
import { Stack, Text } from '@mantine/core';
import { Panel } from '../../../../ui/panel';
import { WhyLink } from '../../../explain/why-link';
import { ScopePicker } from '../../scope-picker';
import { ClientForm, type ClientFormProps } from '../client-form';
import classes from './scopes-form.module.css';

const read = ({ scopes }: Client) => ({ scopes });
type Draft = ReturnType<typeof read>;

const write = ({ scopes }: Draft) =>
  scopes.length === 0 ? { faults: { scopes: 'A client needs at least one scope.' } } : { body: { scopes } };

export const ScopesForm = (props: ClientFormProps) => (
  <ClientForm {...props} read={read} write={write} done="The scopes are saved.">
    {({ draft, change, faults, isReadOnly }) => (
      <Panel
        title="What its tokens may do"
        aside={
          <WhyLink
            clientId={props.client.client_id}
            question={{ token: { scope: props.client.scopes.join(' ') } }}
            label="Does it get them?"
          />
        }
      >
        {isReadOnly && (
          <Text size="sm" mb="sm">
            Your role may see the scopes, not change them.
          </Text>
        )}
        <Stack gap="lg">
          <ScopePicker value={draft.scopes} onChange={(scopes) => change({ scopes })} isReadOnly={isReadOnly} />
          {faults.scopes && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {faults.scopes}
            </Text>
          )}
          <ScopeChanges before={props.client.scopes} after={draft.scopes} />
        </Stack>
      </Panel>
    )}
  </ClientForm>
);

/** What a change adds and takes away. */
export const ScopeChanges = ({ before, after }: { before: string[]; after: string[] }) => {
  const added = after.filter((name) => !before.includes(name));
  const removed = before.filter((name) => !after.includes(name));
  if (added.length + removed.length === 0) return null;
  return (
    <div className={classes.changes}>
      <ul className={classes.diff}>
        {added.map((name) => (
          <li key={name} className={classes.added}>
            <span aria-hidden>+</span> {name} <span className={classes.words}>will be added</span>
          </li>
        ))}
        {removed.map((name) => (
          <li key={name} className={classes.removed}>
            <span aria-hidden>−</span> {name} <span className={classes.words}>will be taken away</span>
          </li>
        ))}
      </ul>
      <Text size="sm" c="dimmed">
        Counts for new tokens; those already issued keep the scopes they have until they expire.
      </Text>
    </div>
  );
};
