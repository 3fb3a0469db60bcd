import type { Client, ClientWithSecret } from '@bastionary/contracts/clients';
import { Button, Checkbox, Group, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { clientKeys, rotateSecret } from '../../../api/clients';
import { idempotencyKey } from '../../../api/idempotency-key';
import { issuerQuery } from '../../../api/overview';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Dialog } from '../../../ui/dialog';
import { SecretOnce } from '../secret-once';
import { Consequences } from './consequences';

type Props = { client: Client; opened: boolean; onClose: () => void };

export const RotateDialog = ({ client, opened, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [key, setKey] = useState(idempotencyKey);
  const rotate = useMutation({ mutationFn: () => rotateSecret(client.client_id, key) });

  const finish = async () => {
    rotate.reset();
    setKey(idempotencyKey());
    onClose();
    await queryClient.invalidateQueries({ queryKey: clientKeys.all });
  };

  if (rotate.data) return <NewSecret client={rotate.data} onStored={finish} />;
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Rotate the secret of ${client.name}?`}
      confirmLabel="Rotate now"
      isDangerous
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
    >
      <Consequences
        of={[
          'The old secret stops at once: until your program has the new one, it gets no token.',
          'Tokens it already has stay valid until they expire.',
          'The new secret is shown once, on the next screen.',
        ]}
      />
    </ConfirmDialog>
  );
};

/** Cannot be closed by Escape or a click beside it: the secret would be gone. */
const NewSecret = ({ client, onStored }: { client: ClientWithSecret; onStored: () => void }) => {
  const issuer = useQuery(issuerQuery).data;
  const [isStored, setStored] = useState(false);
  return (
    <Dialog opened title="The new secret" size="lg">
      <Stack>
        {issuer ? <SecretOnce client={client} issuer={issuer} /> : <Skeleton height={260} />}
        <Group justify="space-between">
          <Checkbox
            label="I have stored the secret"
            checked={isStored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          <Button onClick={onStored} disabled={!isStored}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
