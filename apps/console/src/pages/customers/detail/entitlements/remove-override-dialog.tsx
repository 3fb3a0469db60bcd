import type { Feature } from '@bastionary/contracts/entitlements';
import { Text } from '@mantine/core';
import { removeOverride } from '../../../../api/entitlements';
import { ConfirmDialog } from '../../../../ui/confirm-dialog';
import { OverridePreview } from './override-preview';
import { useOverrideChange } from './use-override-change';

type Props = { customerId: string; feature: Feature; onClose: () => void };

/** Takes an exception back, having shown what that means. */
export const RemoveOverrideDialog = ({ customerId, feature, onClose }: Props) => {
  const remove = useOverrideChange(customerId, () => removeOverride(customerId, feature.key), {
    done: `The override of ${feature.name} is removed.`,
    onDone: onClose,
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Remove the override of ${feature.name}?`}
      confirmLabel="Remove"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Text size="sm">From then on the customer has what its plans give.</Text>
      <OverridePreview customerId={customerId} feature={feature} body={null} />
    </ConfirmDialog>
  );
};
