import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updateWebhook, webhookKeys } from '../../api/webhooks';
import { toast } from '../../ui/toast';
import { type EndpointDraft, EndpointForm } from './endpoint-form';

type Props = { endpoint: EndpointDraft & { id: string }; etag: string; onClose: () => void };

export const EditDialog = ({ endpoint, etag, onClose }: Props) => {
  const queryClient = useQueryClient();
  // The version that was on the screen when the dialog opened: the page behind it goes on being refreshed.
  const [seen] = useState(etag);
  const save = useMutation({
    mutationFn: (draft: EndpointDraft) => updateWebhook(endpoint.id, seen, draft),
    onSuccess: async () => {
      onClose();
      toast('Saved');
      await queryClient.invalidateQueries({ queryKey: webhookKeys.all });
    },
  });
  return (
    <EndpointForm
      opened
      onClose={onClose}
      title="Edit the endpoint"
      initial={endpoint}
      submitLabel="Save"
      onSubmit={(draft) => save.mutate(draft)}
      isPending={save.isPending}
      error={save.error}
    />
  );
};
