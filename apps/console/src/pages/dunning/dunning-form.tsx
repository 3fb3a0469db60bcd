import type { DunningPolicy } from '@bastionary/contracts/dunning';
import { List, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { dunningPolicyQuery, updateDunningPolicy } from '../../api/dunning';
import { ApiError } from '../../api/http';
import { usePermission } from '../../api/session';
import { Panel } from '../../ui/panel';
import { SaveBar } from '../../ui/save-bar';
import { toast } from '../../ui/toast';
import { useDraft } from '../../ui/use-draft';
import { UpdateError } from '../audit/update-error';
import { afterwards, dunningWords } from './dunning-words';
import { StepFields } from './step-fields';
import { readSteps, writeSteps } from './steps-draft';

type Props = { policy: DunningPolicy; etag: string };

/** The steps, and what they come to in words while they are changed. */
export const DunningForm = ({ policy, etag }: Props) => {
  const mayWrite = usePermission('billing:write');
  const queryClient = useQueryClient();
  const form = useDraft({ steps: readSteps(policy.steps) }, etag);
  const [isTried, setTried] = useState(false);
  const written = writeSteps(form.draft.steps);
  const save = useMutation({
    mutationFn: (steps: DunningPolicy['steps']) => updateDunningPolicy(form.etag, { steps }),
    onSuccess: (saved) => {
      queryClient.setQueryData(dunningPolicyQuery.queryKey, saved);
      form.reset();
      setTried(false);
      toast('The steps are saved.');
    },
  });
  const refused = save.error instanceof ApiError ? save.error.fieldErrors : {};
  const undo = () => {
    form.reset();
    save.reset();
    setTried(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ('steps' in written && form.isChanged) save.mutate(written.steps);
  };
  return (
    <Stack gap="lg">
      <Panel title="What happens when">
        <div role="status">
          {'steps' in written ? (
            <>
              <List type="ordered" size="sm" spacing="xs" mb="sm">
                {dunningWords(written.steps).map((words, place) => (
                  <List.Item key={`${place} ${words}`}>{words}</List.Item>
                ))}
              </List>
              <Text size="sm">{afterwards(written.steps)}</Text>
            </>
          ) : (
            <Text size="sm" c="dimmed">
              The steps below are not complete yet.
            </Text>
          )}
        </div>
      </Panel>
      {mayWrite && (
        <Panel title="Steps">
          <form onSubmit={submit} noValidate>
            <Stack align="stretch">
              <Text size="sm" c="dimmed">
                Counted from the day an invoice is due; taken in the order of time. An invoice under way goes on with
                the next of them, and a step that comes late moves those after it.
              </Text>
              <StepFields
                steps={form.draft.steps}
                onChange={(steps) => form.change({ steps })}
                faults={{ ...refused, ...(isTried && 'faults' in written ? written.faults : {}) }}
              />
              {form.isChanged && (
                <SaveBar isPending={save.isPending} onUndo={undo} label="Save the steps">
                  {save.error && Object.keys(refused).length === 0 && (
                    <UpdateError
                      error={save.error}
                      target="dunning_policy"
                      queryKey={dunningPolicyQuery.queryKey}
                      onReload={undo}
                    />
                  )}
                </SaveBar>
              )}
            </Stack>
          </form>
        </Panel>
      )}
    </Stack>
  );
};
