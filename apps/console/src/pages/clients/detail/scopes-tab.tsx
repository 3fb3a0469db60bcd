import type { Client } from '@bastionary/contracts/clients';
import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { usePermission } from '../../../api/session';
import { Panel } from '../../../ui/panel';
import { ScopePicker } from '../scope-picker';
import classes from './scopes-tab.module.css';
import { UpdateError } from './update-error';
import { useUpdateClient } from './use-update-client';

type Props = { client: Client; etag: string };

export const ScopesTab = ({ client, etag }: Props) => {
  const mayWrite = usePermission('clients:write');
  const [scopes, setScopes] = useState(client.scopes);
  const update = useUpdateClient(client.client_id, etag);
  const added = scopes.filter((name) => !client.scopes.includes(name));
  const removed = client.scopes.filter((name) => !scopes.includes(name));
  const isChanged = added.length > 0 || removed.length > 0;

  return (
    <Panel title="What its tokens may do">
      <Stack>
        {!mayWrite && <Text size="sm">Your role may see the scopes, not change them.</Text>}
        <ScopePicker value={scopes} onChange={setScopes} isReadOnly={!mayWrite} />
        {isChanged && (
          <Paper component="section" aria-label="Changes" className={classes.changes}>
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
            {scopes.length === 0 && <Alert color="orange" title="A client needs at least one scope" />}
            {update.error && (
              <UpdateError error={update.error} clientId={client.client_id} onReload={() => setScopes(client.scopes)} />
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => setScopes(client.scopes)}>
                Undo
              </Button>
              <Button
                disabled={scopes.length === 0}
                loading={update.isPending}
                onClick={() => update.mutate({ body: { scopes }, done: 'The scopes are saved.' })}
              >
                Save the scopes
              </Button>
            </Group>
          </Paper>
        )}
      </Stack>
    </Panel>
  );
};
