import type { License, LicenseToken } from '@bastionary/contracts/licenses';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconEye, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import {
  createLicenseToken,
  licenseTokensQuery,
  updateLicense,
  type VersionedLicense,
  withdrawLicenseToken,
} from '../../../api/licenses';
import { usePermission } from '../../../api/session';
import { Command } from '../../../ui/command';
import { columnsFor, DataTable } from '../../../ui/data-table';
import { Dialog } from '../../../ui/dialog';
import { ErrorAlert } from '../../../ui/error-alert';
import { ListField } from '../../../ui/list-field';
import { Panel } from '../../../ui/panel';
import { SaveBar } from '../../../ui/save-bar';
import { Time } from '../../../ui/time';
import { useDraft } from '../../../ui/use-draft';
import { UpdateError } from '../../audit/update-error';
import { conflictOf, useLicenseChange } from '../use-license-change';

/** Who may use it, and by what programs act for it. */
export const AccessTab = ({ license, etag }: VersionedLicense) => (
  <Stack gap="lg">
    <UsersPanel license={license} etag={etag} />
    <TokensPanel license={license} />
  </Stack>
);

const isAddress = (item: string) => (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(item) ? null : `${item} is no e-mail address`);

const UsersPanel = ({ license, etag: current }: VersionedLicense) => {
  const mayWrite = usePermission('licenses:write') && license.status !== 'REVOKED';
  const { draft, etag, isChanged, change, reset } = useDraft(
    { users: license.users.map(({ email }) => email) },
    current,
  );
  const update = useLicenseChange(
    license.id,
    () => updateLicense(license.id, etag, { users: draft.users }),
    'The users are changed.',
    reset,
  );
  const undo = () => {
    update.reset();
    reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate();
  };
  const refused = update.error instanceof ApiError ? update.error.fieldErrors.users : undefined;
  return (
    <Panel title="Users">
      <form onSubmit={submit} noValidate>
        <Stack>
          <ListField
            label="Who may use it"
            description="By e-mail. A validation that names somebody else does not match."
            placeholder="ada@example.com"
            emptyText="Nobody in particular: it is not asked who uses it, unless the policy demands it."
            value={draft.users}
            onChange={(users) => change({ users })}
            check={isAddress}
            error={refused}
            isReadOnly={!mayWrite}
          />
          {isChanged && (
            <SaveBar isPending={update.isPending} onUndo={undo}>
              {update.error && !refused && (
                <UpdateError error={update.error} {...conflictOf(license.id)} onReload={undo} />
              )}
            </SaveBar>
          )}
        </Stack>
      </form>
    </Panel>
  );
};

type Row = LicenseToken & { onWithdraw: (() => void) | null };

const column = columnsFor<Row>();
const columns = column.columns([
  column.accessor('hint', { header: 'Token', cell: ({ row }) => <code>…{row.original.hint}</code> }),
  column.accessor('created_at', { header: 'Made', cell: ({ row }) => <Time value={row.original.created_at} /> }),
  column.accessor('expires_at', {
    header: 'Expires',
    cell: ({ row: { original } }) =>
      original.expires_at === null ? 'never' : <Time value={original.expires_at} as="date-time" />,
  }),
  column.accessor('onWithdraw', {
    header: 'Change',
    cell: ({ row: { original } }) =>
      original.onWithdraw && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Withdraw the token …${original.hint}`}
          onClick={original.onWithdraw}
        >
          Withdraw
        </Button>
      ),
  }),
]);

const TokensPanel = ({ license: { id, status } }: { license: License }) => {
  const mayWrite = usePermission('licenses:write') && status !== 'REVOKED';
  const { data, error, refetch } = useQuery(licenseTokensQuery(id));
  const [key, setKey] = useState(idempotencyKey);
  const create = useLicenseChange(
    id,
    () => createLicenseToken(id, null, key),
    'The token is made.',
    () => setKey(idempotencyKey()),
  );
  const withdraw = useLicenseChange(
    id,
    (tokenId: string) => withdrawLicenseToken(id, tokenId),
    'The token is withdrawn.',
    () => {},
  );
  const failed = error ?? create.error ?? withdraw.error;
  return (
    <Panel
      title="Tokens"
      aside={
        mayWrite && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => create.mutate()}
            loading={create.isPending}
          >
            Make a token
          </Button>
        )
      }
    >
      {failed && <ErrorAlert error={failed} {...(error && { onRetry: () => refetch() })} />}
      {data?.length === 0 ? (
        <Text size="sm" c="dimmed">
          There is none. A program acts for the licence by a token where its policy says so; otherwise by the key.
        </Text>
      ) : (
        <DataTable
          caption="Tokens"
          columns={mayWrite ? columns : columns.slice(0, -1)}
          rows={data?.map((one) => ({ ...one, onWithdraw: mayWrite ? () => withdraw.mutate(one.id) : null }))}
          rowId={(one) => one.id}
        />
      )}
      {create.data?.token && <NewToken token={create.data.token} onStored={create.reset} />}
    </Panel>
  );
};

/** The only time that it can be seen. */
const NewToken = ({ token, onStored }: { token: string; onStored: () => void }) => (
  <Dialog opened title="The token" size="lg">
    <Stack>
      <Alert color="orange" icon={<IconEye aria-hidden />} title="The token is shown only now">
        A program sends it as <code>Authorization: Bearer</code>.
      </Alert>
      <Command label="Licence token" command={token} />
      <Group justify="flex-end">
        <Button onClick={onStored}>I have stored it</Button>
      </Group>
    </Stack>
  </Dialog>
);
