import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import { rotateKeys, signingKeysQuery } from '../../api/signing-keys';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { toast } from '../../ui/toast';

/** As planned, only sooner. */
export const RotateKeysDialog = ({ onClose }: { onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [reason, setReason] = useState('');
  const [key, setKey] = useState(idempotencyKey);
  const rotate = useMutation({
    mutationFn: () => rotateKeys({ emergency: false, ...(reason.trim() && { reason: reason.trim() }) }, key),
    onSuccess: (keys) => {
      queryClient.setQueryData(signingKeysQuery.queryKey, keys);
      toast('The keys are rotated, or will be as soon as the next one has been published long enough.');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Rotate the signing key now?"
      confirmLabel="Rotate now"
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
    >
      <Consequences
        of={[
          'The next key signs every new token, as soon as it has been published long enough for every API to have fetched it.',
          'The key it replaces still checks the tokens it has signed. No token is refused.',
          'Keys rotate by themselves; this only makes it sooner.',
        ]}
      />
      <TextInput
        label="Reason"
        description="For the audit log; may be left empty."
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
