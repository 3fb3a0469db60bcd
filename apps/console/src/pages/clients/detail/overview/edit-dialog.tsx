import type { Client } from '@bastionary/contracts/clients';
import { Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../../api/http';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { UpdateError } from '../../../audit/update-error';
import { ExpiryField, fromExpiry, toExpiry } from '../../expiry-field';
import { conflictOf, useUpdateClient } from '../use-update-client';

type Props = { client: Client; etag: string; opened: boolean; onClose: () => void };

export const EditDialog = ({ client, etag, opened, onClose }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={`Edit ${client.name}`}>
    <EditForm client={client} etag={etag} onClose={onClose} />
  </Dialog>
);

const EditForm = ({ client, etag, onClose }: Omit<Props, 'opened'>) => {
  const [name, setName] = useState(client.name);
  const [expiry, setExpiry] = useState(() => fromExpiry(client.expiry));
  const [expiryError, setExpiryError] = useState<string>();
  // The version on the screen when the form was opened: a refetch behind it must not hide a conflict.
  const [openedEtag] = useState(etag);
  const update = useUpdateClient(client.client_id, openedEtag, onClose);
  const fields = update.error instanceof ApiError ? update.error.fieldErrors : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const instant = toExpiry(expiry, new Date());
    if (instant === undefined) return setExpiryError('must be a date and a time');
    update.mutate({ body: { name, expiry: instant }, done: 'Saved.' });
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
          data-autofocus
        />
        <ExpiryField
          value={expiry}
          onChange={(choice) => {
            setExpiry(choice);
            setExpiryError(undefined);
          }}
          error={expiryError ?? fields.expiry}
        />
        {update.error && Object.keys(fields).length === 0 && (
          <UpdateError error={update.error} {...conflictOf(client.client_id)} onReload={onClose} />
        )}
        <DialogActions onCancel={onClose} isPending={update.isPending}>
          Save
        </DialogActions>
      </Stack>
    </form>
  );
};
