import type { Credential, UpdateCredentialRequest } from '@bastionary/contracts/credentials';
import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { clientKeys } from '../../../../api/clients';
import { updateCredential } from '../../../../api/credentials';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { toast } from '../../../../ui/toast';
import { nameOf } from './validity';
import { fromCredential, toWire, ValidityFields } from './validity-fields';

type Props = { clientId: string; credential: Credential; onClose: () => void };

export const EditCredentialDialog = ({ clientId, credential, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [label, setLabel] = useState(credential.label ?? '');
  const [validity, setValidity] = useState(() => fromCredential(credential));
  const [fault, setFault] = useState<string>();
  const update = useMutation({
    mutationFn: (body: UpdateCredentialRequest) => updateCredential(clientId, credential.id, body),
    onSuccess: async () => {
      onClose();
      toast('Saved.');
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const times = toWire(validity, new Date());
    if (typeof times === 'string') return setFault(times);
    update.mutate({ label: label.trim() || null, ...times });
  };

  return (
    <Dialog opened onClose={onClose} title={`Edit ${nameOf(credential)}`}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Label"
            autoComplete="off"
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            data-autofocus
          />
          <ValidityFields
            value={validity}
            onChange={(changed) => {
              setValidity(changed);
              setFault(undefined);
            }}
            error={fault}
          />
          {update.error && <ErrorAlert error={update.error} />}
          <DialogActions onCancel={onClose} isPending={update.isPending}>
            Save
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
