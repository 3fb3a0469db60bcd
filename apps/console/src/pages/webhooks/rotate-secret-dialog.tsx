import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import { rotateSigningSecret, webhookKeys } from '../../api/webhooks';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { NumberField } from '../../ui/number-field';
import { SigningSecret } from './signing-secret';

const HOURS_MAX = 720;

/** Makes a new secret, and says how long the old one signs beside it. */
export const RotateSecretDialog = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const queryClient = useQueryClient();
  const [hours, setHours] = useState('24');
  const [key] = useState(idempotencyKey);
  const rotate = useMutation({ mutationFn: () => rotateSigningSecret(id, Number(hours) * 3_600, key) });
  const isHours = /^\d{1,3}$/.test(hours.trim()) && Number(hours) <= HOURS_MAX;
  const finish = async () => {
    onClose();
    await queryClient.invalidateQueries({ queryKey: webhookKeys.all });
  };
  if (rotate.data) return <SigningSecret endpoint={rotate.data} onStored={finish} />;
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Rotate the signing secret?"
      confirmLabel="Rotate now"
      onConfirm={() => rotate.mutate()}
      isPending={rotate.isPending}
      error={rotate.error}
      isDisabled={!isHours}
    >
      <NumberField
        label="Overlap in hours"
        description="Until then deliveries are signed with the old secret as well; 0 ends it at once"
        value={hours}
        onChange={setHours}
        error={!isHours && `A whole number, at most ${HOURS_MAX}`}
      />
    </ConfirmDialog>
  );
};
