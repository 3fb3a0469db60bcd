import type { SigningKey } from '@bastionary/contracts/tokens';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import { rotateKeys, signingKeysQuery } from '../../api/signing-keys';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { RevocationHits } from '../../ui/revocation-dialog';
import { toast } from '../../ui/toast';

type Props = { keys: SigningKey[]; onClose: () => void };

/** For a private key in wrong hands: ends every key and every token that one of them has signed. */
export const EmergencyDialog = ({ keys, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(idempotencyKey);
  // As they were when it was asked: the list behind is refreshed.
  const [requests] = useState(() =>
    keys
      .filter(({ state }) => state === 'active' || state === 'retiring')
      .map(({ kid }) => ({ by: 'signing_key' as const, id: kid })),
  );
  const rotate = useMutation({
    mutationFn: () => rotateKeys({ emergency: true, reason: reason.trim() }, key),
    onSuccess: (fresh) => {
      queryClient.setQueryData(signingKeysQuery.queryKey, fresh);
      toast('Every key is replaced.');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Replace every key in an emergency?"
      confirmLabel="Replace every key"
      isDangerous
      isDisabled={reason.trim() === ''}
      typeToConfirm="replace every key"
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
    >
      <RevocationHits requests={requests} />
      <Consequences
        of={[
          'For one case: a private key is, or may be, in wrong hands.',
          'Every key stops signing and checking at once, so every token signed until now is refused. This cannot be undone.',
          'Clients get new tokens at once, with the credentials they have.',
          'An API that caches the public keys refuses new tokens until it has fetched them anew, five minutes at most if it keeps to our caching header.',
        ]}
      />
      <TextInput
        label="Reason"
        description="Stands in the audit log."
        required
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
          setKey(idempotencyKey());
        }}
        autoComplete="off"
        maxLength={500}
      />
    </ConfirmDialog>
  );
};
