import type { AddCredentialRequest } from '@bastionary/contracts/credentials';
import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { clientKeys } from '../../../../api/clients';
import { addCredential } from '../../../../api/credentials';
import { ApiError } from '../../../../api/http';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { Dialog } from '../../../../ui/dialog';
import { DialogActions } from '../../../../ui/dialog-actions';
import { ErrorAlert } from '../../../../ui/error-alert';
import { toast } from '../../../../ui/toast';
import { KeysField } from '../../keys-field';
import { readKeys } from '../../pasted-keys';
import { SecretDialog } from '../../secret-dialog';
import { toWire, unlimited, type ValidityDraft, ValidityFields } from './validity-fields';

type Kind = AddCredentialRequest['kind'];
type Props = { clientId: string; kind: Kind; onClose: () => void };

const TITLES: Record<Kind, string> = { secret: 'Add a secret', public_key: 'Add a public key' };

/** Beside the credentials there are: nothing that works now stops working. */
export const AddCredentialDialog = ({ clientId, kind, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [label, setLabel] = useState('');
  const [pasted, setPasted] = useState('');
  const [validity, setValidity] = useState<ValidityDraft>(unlimited);
  const [faults, setFaults] = useState<{ keys?: string; validity?: string }>({});
  const [key, setKey] = useState(idempotencyKey);
  const add = useMutation({
    mutationFn: (body: AddCredentialRequest) => addCredential(clientId, body, key),
    onSuccess: async ({ client_secret }) => {
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
      if (client_secret) return;
      toast('The public key is added.');
      onClose();
    },
    // The next attempt has another content, and so is another intent.
    onError: () => setKey(idempotencyKey()),
  });
  const refused = add.error instanceof ApiError ? add.error.fieldErrors : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const times = toWire(validity, new Date());
    if (typeof times === 'string') return setFaults({ validity: times });
    const shared = { ...(label.trim() && { label: label.trim() }), ...times };
    if (kind === 'secret') return add.mutate({ kind, ...shared });
    const keys = readKeys(pasted);
    if (typeof keys === 'string') return setFaults({ keys });
    const [jwk, ...others] = keys.keys;
    if (!jwk || others.length > 0)
      return setFaults({ keys: 'Add one key at a time: each is a credential of its own.' });
    add.mutate({ kind, jwk, ...shared });
  };

  if (add.data?.client_secret) {
    return <SecretDialog clientId={clientId} secret={add.data.client_secret} onStored={onClose} />;
  }
  return (
    <Dialog opened onClose={onClose} title={TITLES[kind]} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label="Label"
            description="What people will know it by: where it is used, for example."
            placeholder="ci, europe-west"
            autoComplete="off"
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={refused.label}
            data-autofocus
          />
          {kind === 'public_key' && (
            <KeysField
              label="Public key"
              value={pasted}
              onChange={(text) => {
                setPasted(text);
                setFaults({});
              }}
              error={faults.keys ?? refused.jwk}
            />
          )}
          <ValidityFields
            value={validity}
            onChange={(changed) => {
              setValidity(changed);
              setFaults({});
            }}
            error={faults.validity ?? refused.expires_at ?? refused.not_before}
          />
          {add.error && !refused.jwk && <ErrorAlert error={add.error} />}
          <DialogActions onCancel={onClose} isPending={add.isPending}>
            {kind === 'secret' ? 'Make the secret' : 'Add the key'}
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
