import type { CreateResourceRequest } from '@bastionary/contracts/resources';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { createResource, resourceKeys } from '../../../api/resources';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Panel } from '../../../ui/panel';
import { toast } from '../../../ui/toast';
import { emptyResource, type ResourceDraft, writeResource } from '../resource-draft';
import { ResourceFields } from '../resource-fields';

const refusedFields = (error: Error | null): Record<string, string> => {
  if (!(error instanceof ApiError)) return {};
  if (error.code === 'duplicate_resource') return { identifier: 'is taken; another resource has it' };
  return error.fieldErrors;
};

export const CreateResourcePage = () => {
  const mayCreate = usePermission('resources:write');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [identifier, setIdentifier] = useState('');
  const [draft, setDraft] = useState<ResourceDraft>(emptyResource);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [key, setKey] = useState(idempotencyKey);
  const create = useMutation({
    mutationFn: (body: CreateResourceRequest) => createResource(body, key),
    onSuccess: async (resource) => {
      await queryClient.invalidateQueries({ queryKey: resourceKeys.all });
      toast(`${resource.name} is created.`);
      await navigate({ to: '/resources/$resourceId', params: { resourceId: resource.id } });
    },
    onError: (error) => {
      setFaults(refusedFields(error));
      setKey(idempotencyKey());
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.reset();
    const written = writeResource(identifier, draft);
    setFaults('faults' in written ? written.faults : {});
    if ('body' in written) create.mutate(written.body);
  };

  if (!mayCreate) return <MissingPermission permission="resources:write" />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/resources" size="sm">
            ← Resources
          </RouterAnchor>
        }
        title="Create a resource"
      />
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          <Panel title="What it is">
            <Stack>
              <TextInput
                label="Identifier"
                description="The URI that stands in a token as its audience: the address of your API, as a rule. It never changes."
                placeholder="https://api.example.com/orders"
                required
                autoComplete="off"
                spellCheck={false}
                value={identifier}
                onChange={(event) => setIdentifier(event.currentTarget.value)}
                error={faults.identifier}
              />
              <TextInput
                label="Name"
                description="What people will know it by. Empty: its identifier."
                placeholder="Orders"
                autoComplete="off"
                value={draft.name}
                onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
                error={faults.name}
              />
            </Stack>
          </Panel>
          <ResourceFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} faults={faults} />
          {create.error && <ErrorAlert error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <RouterButton to="/resources" variant="default">
              Cancel
            </RouterButton>
            <Button type="submit" loading={create.isPending}>
              Create the resource
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
};
