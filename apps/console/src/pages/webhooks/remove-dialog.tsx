import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { deleteWebhook, webhookKeys } from '../../api/webhooks';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { toast } from '../../ui/toast';

type Props = { id: string; opened: boolean; onClose: () => void };

export const RemoveDialog = ({ id, opened, onClose }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => deleteWebhook(id),
    onSuccess: async () => {
      await navigate({ to: '/webhooks' });
      toast('The endpoint is removed');
      await queryClient.invalidateQueries({ queryKey: webhookKeys.all });
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title="Remove this endpoint?"
      confirmLabel="Remove"
      onConfirm={() => remove.mutate()}
      isPending={remove.isPending}
      error={remove.error}
      isDangerous
    >
      <Text size="sm">Nothing is sent to it any more. What is pending is dropped; its log and secrets go.</Text>
    </ConfirmDialog>
  );
};
