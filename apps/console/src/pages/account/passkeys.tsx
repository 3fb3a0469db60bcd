import type { Passkey, SecondFactors } from '@bastionary/contracts/proofs';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { addPasskey, removePasskey, renamePasskey } from '../../api/account';
import { canUsePasskeys } from '../../api/authenticator';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { columnsFor, DataTable } from '../../ui/data-table';
import { Dialog } from '../../ui/dialog';
import { ErrorAlert } from '../../ui/error-alert';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import { toast } from '../../ui/toast';
import { CodesOnce } from './codes-once';
import { useAccountChange } from './use-account-change';

type Asked = { what: 'add' } | { what: 'rename' | 'remove'; passkey: Passkey };

export const Passkeys = ({ factors: { passkeys, passkeys_available } }: { factors: SecondFactors }) => {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const close = () => setAsked(null);
  const isUsable = passkeys_available && canUsePasskeys();

  return (
    <Panel title="Passkeys">
      <Stack align="flex-start">
        <Text size="sm">
          A key on your device or security key, unlocked by finger, face or PIN. It signs you in without a password.
        </Text>
        {!isUsable && (
          <Text size="sm" c="dimmed">
            Browsers give passkeys to a name on https, or to localhost; this console is open at {window.location.host}.
          </Text>
        )}
        {passkeys.length > 0 && (
          <DataTable caption="Passkeys" columns={columnsWith(setAsked)} rows={passkeys} rowId={({ id }) => id} />
        )}
        {isUsable && (
          <Button variant="default" onClick={() => setAsked({ what: 'add' })}>
            Add a passkey
          </Button>
        )}
      </Stack>
      <Dialog
        opened={asked !== null && asked.what !== 'remove'}
        onClose={close}
        title={asked?.what === 'rename' ? 'Rename the passkey' : 'Add a passkey'}
      >
        {asked?.what === 'add' && (
          <NameForm
            initial=""
            submitLabel="Add the passkey"
            save={addPasskey}
            onSaved={(added) => {
              close();
              setCodes(added.recovery_codes);
              toast('The passkey is added.');
            }}
          />
        )}
        {asked?.what === 'rename' && (
          <NameForm
            initial={asked.passkey.name}
            submitLabel="Rename"
            save={(name) => renamePasskey(asked.passkey.id, name)}
            onSaved={close}
          />
        )}
      </Dialog>
      {asked?.what === 'remove' && <Remove passkey={asked.passkey} onClose={close} />}
      <CodesOnce codes={codes} onClose={() => setCodes(null)} />
    </Panel>
  );
};

const column = columnsFor<Passkey>();
const columnsWith = (ask: (asked: Asked) => void) =>
  column.columns([
    column.accessor('name', { header: 'Name' }),
    column.accessor('created_at', { header: 'Added', cell: ({ row }) => <Time value={row.original.created_at} /> }),
    column.accessor('last_used_at', {
      header: 'Last used',
      cell: ({ row }) => (row.original.last_used_at ? <Time value={row.original.last_used_at} /> : 'never'),
    }),
    column.display({
      id: 'actions',
      header: 'Actions',
      cell: ({ row }) => (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => ask({ what: 'rename', passkey: row.original })}>
            Rename
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => ask({ what: 'remove', passkey: row.original })}>
            Remove
          </Button>
        </Group>
      ),
    }),
  ]);

type NameFormProps<Saved> = {
  initial: string;
  submitLabel: string;
  save: (name: string) => Promise<Saved>;
  onSaved: (saved: Saved) => void;
};

const NameForm = <Saved,>({ initial, submitLabel, save, onSaved }: NameFormProps<Saved>) => {
  const [name, setName] = useState(initial);
  const change = useAccountChange(save, onSaved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(name);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {change.error && <ErrorAlert error={change.error} />}
        <TextInput
          label="Name"
          description="So that you know it again, for example Work laptop"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending} disabled={name.trim() === ''}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

const Remove = ({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) => {
  const remove = useAccountChange(
    () => removePasskey(passkey.id),
    () => {
      onClose();
      toast(`${passkey.name} is removed.`);
    },
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove ${passkey.name}?`}
      confirmLabel="Remove"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined)}
    >
      <Text size="sm">It signs you in no more, and your other sessions end.</Text>
    </ConfirmDialog>
  );
};
