import type { Feature } from '@bastionary/contracts/entitlements';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { catalogueKeys, deleteFeature } from '../../../api/catalogue';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { toast } from '../../../ui/toast';

type Props = { feature: Feature; onClose: () => void };

/** The server refuses as long as somebody uses it, and says who. */
export const DeleteFeature = ({ feature, onClose }: Props) => {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteFeature(feature.key),
    onSuccess: async () => {
      onClose();
      queryClient.removeQueries({ queryKey: catalogueKeys.feature(feature.key) });
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`${feature.name} is deleted.`);
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Delete ${feature.name}?`}
      confirmLabel="Delete the feature"
      isDangerous
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <Consequences
        of={[
          'Every customer loses it at once, the default included.',
          'As long as a plan version, a scope, an exception or a reservation uses it, nothing is deleted; the answer then says which.',
        ]}
      />
    </ConfirmDialog>
  );
};
