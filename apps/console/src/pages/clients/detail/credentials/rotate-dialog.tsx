import type { Client } from '@bastionary/contracts/clients';
import { NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { clientKeys, rotateSecret } from '../../../../api/clients';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { Consequences } from '../../../../ui/consequences';
import { formatDuration } from '../../../../ui/duration';
import { SecretDialog } from '../../secret-dialog';

const OVERLAPS = [
  { value: '3600', label: 'For an hour' },
  { value: '86400', label: 'For a day' },
  { value: '604800', label: 'For a week' },
  { value: '2592000', label: 'For 30 days' },
  { value: '0', label: 'Not at all: it stops at once' },
];

type Props = { client: Client; onClose: () => void };

export const RotateDialog = ({ client, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState('86400');
  const [key, setKey] = useState(idempotencyKey);
  const seconds = Number(overlap);
  const rotate = useMutation({
    mutationFn: () => rotateSecret(client.client_id, { overlap_seconds: seconds }, key),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: clientKeys.all }),
  });

  if (rotate.data?.client_secret) {
    return <SecretDialog clientId={client.client_id} secret={rotate.data.client_secret} onStored={onClose} />;
  }
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Rotate the secret of ${client.name}?`}
      confirmLabel="Rotate now"
      isDangerous={seconds === 0}
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
    >
      <NativeSelect
        label="How long the old secret still works"
        data={OVERLAPS}
        value={overlap}
        onChange={(event) => {
          setOverlap(event.currentTarget.value);
          // Another content is another intent.
          setKey(idempotencyKey());
        }}
      />
      <Consequences
        of={[
          seconds === 0
            ? 'The old secret stops at once: until your program has the new one, it gets no token.'
            : `The old secret works on for ${formatDuration(seconds)}. Move your programs to the new one and watch the old one fall silent.`,
          'Tokens it already has stay valid until they expire.',
          'The new secret is shown once, on the next screen.',
        ]}
      />
    </ConfirmDialog>
  );
};
