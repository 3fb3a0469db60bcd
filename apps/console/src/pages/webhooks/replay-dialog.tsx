import type { ReplayRequest, Webhook } from '@bastionary/contracts/webhooks';
import { Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { replayDeliveries, webhookKeys } from '../../api/webhooks';
import { Dialog } from '../../ui/dialog';
import { DialogActions } from '../../ui/dialog-actions';
import { ErrorAlert } from '../../ui/error-alert';
import { toast } from '../../ui/toast';

type Props = { endpoint: Webhook; opened: boolean; onClose: () => void };

/** The value of a datetime-local field: local time, without an offset. */
const toLocal = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Sends again what happened between two instants. */
export const ReplayDialog = ({ opened, onClose, ...rest }: Props) => (
  <Dialog opened={opened} onClose={onClose} title="Send again what happened">
    <Range onClose={onClose} {...rest} />
  </Dialog>
);

const Range = ({ endpoint, onClose }: Omit<Props, 'opened'>) => {
  const queryClient = useQueryClient();
  const [from, setFrom] = useState(() => toLocal(new Date(Date.now() - 86_400_000)));
  // The minute under way is not to be cut off.
  const [to, setTo] = useState(() => toLocal(new Date(Date.now() + 60_000)));
  const [isDeadOnly, setDeadOnly] = useState(endpoint.dead > 0);
  const [types, setTypes] = useState('');
  const replay = useMutation({
    mutationFn: (range: ReplayRequest) => replayDeliveries(endpoint.id, range),
    onSuccess: async ({ deliveries }) => {
      onClose();
      toast(deliveries === 1 ? 'One delivery is made' : `${deliveries} deliveries are made`);
      await queryClient.invalidateQueries({ queryKey: webhookKeys.one(endpoint.id) });
    },
  });
  const faults = replay.error instanceof ApiError ? replay.error.fieldErrors : {};

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const named = types.split(/[\s,]+/).filter(Boolean);
    replay.mutate({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...(isDeadOnly && { dead_only: true }),
      ...(named.length > 0 && { types: named }),
    });
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          Receivers that have seen an event know its webhook-id again. What is sent now follows what is pending.
        </Text>
        <TextInput
          label="From"
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          error={faults.from}
          required
          data-autofocus
        />
        <TextInput
          label="To"
          type="datetime-local"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={faults.to}
          required
        />
        <TextInput
          label="Events"
          description="Types or families, separated by spaces; empty: those of the endpoint"
          placeholder={endpoint.event_types.join(' ')}
          value={types}
          onChange={(event) => setTypes(event.currentTarget.value)}
          error={faults.types}
          spellCheck={false}
        />
        <Checkbox
          label="Only dead letters"
          description="What was given up and not sent again since"
          checked={isDeadOnly}
          onChange={(event) => setDeadOnly(event.currentTarget.checked)}
        />
        {replay.error && Object.keys(faults).length === 0 && <ErrorAlert error={replay.error} />}
        <DialogActions onCancel={onClose} isPending={replay.isPending}>
          Send again
        </DialogActions>
      </Stack>
    </form>
  );
};
