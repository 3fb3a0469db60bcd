import type { Resource, UpdateResourceRequest } from '@bastionary/contracts/resources';
import { Alert, Text, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../../api/http';
import { resourceKeys, resourceQuery, updateResource } from '../../../api/resources';
import { usePermission } from '../../../api/session';
import { Panel } from '../../../ui/panel';
import { SaveBar } from '../../../ui/save-bar';
import { toast } from '../../../ui/toast';
import { useDraft } from '../../../ui/use-draft';
import { UpdateError } from '../../audit/update-error';
import { readResource, scopesOf, writeResource } from '../resource-draft';
import { ResourceFields } from '../resource-fields';
import classes from './resource-form.module.css';

type Props = { resource: Resource; etag: string };

export const ResourceForm = ({ resource, etag }: Props) => {
  const queryClient = useQueryClient();
  const mayWrite = usePermission('resources:write');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const form = useDraft(readResource(resource), etag);
  const update = useMutation({
    mutationFn: (body: UpdateResourceRequest) => updateResource(resource.id, form.etag, body),
    onSuccess: async (saved) => {
      queryClient.setQueryData(resourceQuery(resource.id).queryKey, saved);
      form.reset();
      toast('The resource is saved.');
      await queryClient.invalidateQueries({ queryKey: resourceKeys.all });
    },
  });
  const refused = update.error instanceof ApiError ? update.error.fieldErrors : {};

  const undo = () => {
    form.reset();
    update.reset();
    setTyped({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.isChanged) return;
    const written = writeResource(resource.identifier, form.draft);
    setTyped('faults' in written ? written.faults : {});
    if ('faults' in written) return;
    const { identifier: _, scopes, ...body } = written.body;
    update.mutate(resource.built_in ? body : { ...body, scopes });
  };
  const names = new Set(scopesOf(form.draft).map(({ name }) => name));
  const gone = resource.scopes.map(({ name }) => name).filter((name) => !names.has(name));

  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      {resource.built_in && (
        <Alert
          color="gray"
          icon={<IconInfoCircle aria-hidden />}
          title="This is the management API of this installation"
        >
          Its scopes are what the platform itself understands: they cannot be changed, and it cannot be deleted.
        </Alert>
      )}
      <Panel title="What it is">
        <TextInput
          label="Name"
          autoComplete="off"
          value={form.draft.name}
          onChange={(event) => form.change({ name: event.currentTarget.value })}
          error={typed.name ?? refused.name}
          disabled={!mayWrite}
        />
      </Panel>
      <ResourceFields
        draft={form.draft}
        change={(part) => {
          setTyped({});
          update.reset();
          form.change(part);
        }}
        faults={{ ...refused, ...typed }}
        isReadOnly={!mayWrite}
        hasFixedScopes={resource.built_in}
      />
      {form.isChanged && (
        <SaveBar isPending={update.isPending} onUndo={undo}>
          {gone.length > 0 && (
            <Text size="sm">
              {gone.join(', ')} will be gone, or has another name. A scope that a client still has cannot go.
            </Text>
          )}
          {update.error && (
            <UpdateError
              error={update.error}
              target={`resource:${resource.id}`}
              queryKey={resourceKeys.one(resource.id)}
              onReload={undo}
            />
          )}
        </SaveBar>
      )}
    </form>
  );
};
