import type { PermissionUse } from '@bastionary/contracts/permission-use';
import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconInfoCircle, IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { permissionUseQuery } from '../../../../api/clients';
import { usePermission } from '../../../../api/session';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { columnsFor, DataTable } from '../../../../ui/data-table';
import { ErrorAlert } from '../../../../ui/error-alert';
import { Panel } from '../../../../ui/panel';
import { Time } from '../../../../ui/time';
import { UpdateError } from '../../../audit/update-error';
import type { ClientFormProps } from '../client-form';
import { conflictOf, useUpdateClient } from '../use-update-client';
import { ScopeChanges } from './scopes-form';

type Use = PermissionUse['data'][number];
const column = columnsFor<Use>();
const number = (decimal: string) => BigInt(decimal).toLocaleString();

const columns = column.columns([
  column.accessor('scope', { header: 'Scope', cell: ({ row }) => <code>{row.original.scope}</code> }),
  column.accessor('requested', { header: 'Asked for', cell: ({ row }) => number(row.original.requested) }),
  column.accessor('defaulted', { header: 'By default', cell: ({ row }) => number(row.original.defaulted) }),
  column.accessor('last_used_at', {
    header: 'Last',
    cell: ({ row: { original } }) =>
      original.last_used_at ? (
        <Time value={original.last_used_at} />
      ) : (
        <Text inherit c="dimmed" component="span">
          not in 90 days
        </Text>
      ),
  }),
]);

/** Which scopes it has asked for in the last 90 days, and the way to leave it only those. */
export const ScopeUse = ({ client, etag }: ClientFormProps) => {
  const mayWrite = usePermission('clients:write');
  const [isAsking, ask] = useDisclosure(false);
  const { data, error, refetch } = useQuery(permissionUseQuery(client.client_id));

  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={220} radius="lg" />;
  const unused = client.scopes.filter((name) => !data.suggested_scopes.includes(name));
  const canNarrow = unused.length > 0 && data.suggested_scopes.length > 0;
  return (
    <Panel title="Used in the last 90 days">
      <Stack>
        {canNarrow && (
          <Alert color="bastion" icon={<IconShieldCheck aria-hidden />} title="It has more than it asks for">
            <Group justify="space-between" gap="sm">
              <Text size="sm" c="inherit">
                {unused.length === 1 ? 'One scope was' : `${unused.length} scopes were`} not asked for:{' '}
                {unused.join(', ')}.
              </Text>
              {mayWrite && (
                <Button size="xs" onClick={ask.open}>
                  Narrow to what is used
                </Button>
              )}
            </Group>
          </Alert>
        )}
        {data.relies_on_default && (
          <Alert color="gray" icon={<IconInfoCircle aria-hidden />} title="It has asked without naming scopes">
            Then it gets all it has, and nobody can tell which of them it needs. Have the program name its scopes to
            narrow them safely.
          </Alert>
        )}
        <DataTable caption="Use of scopes" columns={columns} rows={data.data} rowId={({ scope }) => scope} />
        <Text size="sm" c="dimmed">
          Tokens since <Time value={data.since} as="date" />: “asked for” named the scope; “by default” carries it
          because none was named.
        </Text>
      </Stack>
      {isAsking && (
        <NarrowDialog
          client={client}
          etag={etag}
          scopes={data.suggested_scopes}
          since={data.since}
          onClose={ask.close}
        />
      )}
    </Panel>
  );
};

type DialogProps = ClientFormProps & { scopes: string[]; since: string; onClose: () => void };

const NarrowDialog = ({ client, etag, scopes, since, onClose }: DialogProps) => {
  const update = useUpdateClient(client.client_id, etag, onClose);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Narrow ${client.name}?`}
      confirmLabel="Narrow the scopes"
      isPending={update.isPending}
      error={null}
      onConfirm={() => update.mutate({ body: { scopes }, done: 'The scopes are narrowed.' })}
    >
      <Text size="sm">
        What it has not asked for since <Time value={since} as="date" /> is taken away. A program that asks for it later
        gets invalid_scope, and you see that among its failures.
      </Text>
      <ScopeChanges before={client.scopes} after={scopes} />
      {update.error && <UpdateError error={update.error} {...conflictOf(client.client_id)} onReload={onClose} />}
    </ConfirmDialog>
  );
};
