import { EVENT_TYPES } from '@bastionary/contracts/events';
import { Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';

export type EndpointDraft = { url: string; event_types: string[]; description: string | null };

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  initial: EndpointDraft;
  submitLabel: string;
  onSubmit: (draft: EndpointDraft) => void;
  isPending: boolean;
  error: Error | null;
};

const families = [...new Set(Object.keys(EVENT_TYPES).map((type) => `${type.slice(0, type.indexOf('.'))}.*`))];

export const EndpointForm = ({ opened, onClose, title, ...rest }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={title}>
    <Fields onClose={onClose} {...rest} />
  </Dialog>
);

type FieldsProps = Omit<Props, 'opened' | 'title'>;

const Fields = ({ onClose, initial, submitLabel, onSubmit, isPending, error }: FieldsProps) => {
  const [url, setUrl] = useState(initial.url);
  const [types, setTypes] = useState(initial.event_types.join(' '));
  const [description, setDescription] = useState(initial.description ?? '');
  // What was said about the values of before says nothing about those of now.
  const [outdated, setOutdated] = useState<Error | null>(null);
  const said = error === outdated ? null : error;
  const faults = said instanceof ApiError ? said.fieldErrors : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({
      url: url.trim(),
      event_types: types.split(/[\s,]+/).filter(Boolean),
      description: description.trim() || null,
    });
  };

  return (
    <form onSubmit={submit} onChange={() => setOutdated(error)}>
      <Stack>
        <TextInput
          label="URL"
          description="An https address that answers 2xx within ten seconds"
          placeholder="https://example.com/webhooks"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={faults.url}
          required
          data-autofocus
        />
        <TextInput
          label="Events"
          description="Types or families, separated by spaces; * stands for all"
          value={types}
          onChange={(event) => setTypes(event.currentTarget.value)}
          error={faults.event_types}
          spellCheck={false}
          required
        />
        <Text size="sm" c="dimmed">
          Families: {families.join(', ')}
        </Text>
        <TextInput
          label="Description"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={faults.description}
        />
        {said && Object.keys(faults).length === 0 && <ErrorAlert error={said} />}
        <DialogActions onCancel={onClose} isPending={isPending}>
          {submitLabel}
        </DialogActions>
      </Stack>
    </form>
  );
};
