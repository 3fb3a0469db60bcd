import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { createWebhook, webhookKeys } from '../../api/webhooks';
import { type EndpointDraft, EndpointForm } from './endpoint-form';
import { SigningSecret } from './signing-secret';

const EMPTY: EndpointDraft = { url: '', event_types: ['*'], description: null };

export const CreateWebhook = () => {
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [key, setKey] = useState(idempotencyKey);
  const create = useMutation({
    mutationFn: (draft: EndpointDraft) => createWebhook({ ...draft, enabled: true }, key),
    // What was refused and is written anew is another intent; without an answer it is the same.
    onError: (error) => error instanceof ApiError && error.status !== 0 && setKey(idempotencyKey()),
  });

  const finish = async () => {
    create.reset();
    setKey(idempotencyKey());
    setOpen(false);
    await queryClient.invalidateQueries({ queryKey: webhookKeys.all });
  };

  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen(true)}>
        Add endpoint
      </Button>
      {create.data ? (
        <SigningSecret endpoint={create.data} onStored={finish} />
      ) : (
        <EndpointForm
          opened={isOpen}
          onClose={() => setOpen(false)}
          title="Add a webhook endpoint"
          initial={EMPTY}
          submitLabel="Add endpoint"
          onSubmit={(draft) => create.mutate(draft)}
          isPending={create.isPending}
          error={create.error}
        />
      )}
    </>
  );
};
