import type { Credential } from '@bastionary/contracts/credentials';
import { Alert, Checkbox, Stack } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { clientKeys } from '../../../../api/clients';
import { deleteCredential } from '../../../../api/credentials';
import { ApiError } from '../../../../api/http';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { Consequences } from '../../../../ui/consequences';
import { toast } from '../../../../ui/toast';
import { RetirementVerdict } from './retirement-verdict';
import { nameOf } from './validity';

type Props = { clientId: string; credential: Credential; isLast: boolean; onClose: () => void };

/** The server refuses to delete what is in use, and names who uses it; to insist takes one more decision. */
export const DeleteCredentialDialog = ({ clientId, credential, isLast, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [isInsisting, setInsisting] = useState(false);
  const remove = useMutation({
    mutationFn: () => deleteCredential(clientId, credential.id, isInsisting),
    onSuccess: async () => {
      onClose();
      toast(`${nameOf(credential)} is deleted.`);
      await queryClient.invalidateQueries({ queryKey: clientKeys.all });
    },
  });
  const inUse = remove.error instanceof ApiError && remove.error.code === 'credential_in_use' ? remove.error : null;

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${nameOf(credential)}?`}
      confirmLabel={isInsisting ? 'Delete it all the same' : 'Delete'}
      isDangerous
      isPending={remove.isPending}
      error={inUse ? null : remove.error}
      isDisabled={inUse !== null && !isInsisting}
      onConfirm={() => remove.mutate()}
    >
      <Consequences
        of={[
          'Whoever still proves itself with it gets no token from now on.',
          'Tokens got with it stay valid until they expire.',
          ...(isLast ? ['It is the last credential: without it this client gets no token at all.'] : []),
        ]}
      />
      <RetirementVerdict clientId={clientId} credentialId={credential.id} />
      {inUse && (
        <Alert color="red" role="alert" icon={<IconActivity aria-hidden />} title="It is in use">
          <Stack gap="xs">
            {inUse.message}
            <Checkbox
              label="Delete it although it is in use"
              checked={isInsisting}
              onChange={(event) => setInsisting(event.currentTarget.checked)}
            />
          </Stack>
        </Alert>
      )}
    </ConfirmDialog>
  );
};
