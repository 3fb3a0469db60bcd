import { type InviteRequest, inviteRequest } from '@bastionary/contracts/operators';
import { Stack, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { inviteOperator, operatorKeys } from '../../api/operators';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { HandedLink } from './handed-link';
import { RoleSelect } from './role-select';

export const InviteDialog = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => (
  <Dialog opened={opened} onClose={onClose} title="Invite an operator">
    <Invite onClose={onClose} />
  </Dialog>
);

const Invite = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [key, setKey] = useState(idempotencyKey);
  const form = useForm<InviteRequest>({
    initialValues: { email: '', name: '', role: 'developer' },
    validate: schemaResolver(inviteRequest, { sync: true }),
  });
  const invite = useMutation({
    mutationFn: (body: InviteRequest) => inviteOperator(body, key),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: operatorKeys.all }),
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      form.setErrors(error.fieldErrors);
      // What was refused and is written anew is another intent.
      if (error.status !== 0) setKey(idempotencyKey());
    },
  });
  if (invite.data) return <HandedLink link={invite.data} onClose={onClose} />;
  const hasFieldErrors = Object.keys(form.errors).length > 0;
  return (
    <form onSubmit={form.onSubmit((values) => invite.mutate(values))} noValidate>
      <Stack>
        {invite.error && !hasFieldErrors && <ErrorAlert error={invite.error} />}
        <TextInput label="E-mail" type="email" required data-autofocus {...form.getInputProps('email')} />
        <TextInput label="Name" required {...form.getInputProps('name')} />
        <RoleSelect {...form.getInputProps('role')} />
        <DialogActions onCancel={onClose} isPending={invite.isPending}>
          Invite
        </DialogActions>
      </Stack>
    </form>
  );
};
