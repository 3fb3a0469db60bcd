import type { Plan, PlanMigration } from '@bastionary/contracts/plans';
import { Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  catalogueKeys,
  type Move,
  moveQuery,
  moveSubscriptions,
  PREVIEWED_SUBSCRIPTIONS_MAX,
} from '../../../api/catalogue';
import { Choice } from '../../../ui/choice';
import { Dialog } from '../../../ui/dialog';
import { ErrorAlert } from '../../../ui/error-alert';
import { CustomerEffects } from '../customer-effects';
import { useTypes } from '../use-types';
import { MoveOutcome } from './move-outcome';

type Props = { plan: Plan; from?: number; to: number; onClose: () => void };
type Moved = Omit<PlanMigration, 'next_cursor'>;

const WHENS = [
  {
    value: 'period_end',
    label: 'At the end of their period',
    description: 'Each finishes what is paid for, then goes on with the new version.',
  },
  { value: 'now', label: 'Now', description: 'All at once, with the new features and prices.' },
];

const ALL = 'all';

/** Part by part, so that thousands take no longer than a request may. What one part did stays done if the next fails. */
const moveAll = async (key: string, move: Move, tell: (moved: Moved) => void) => {
  const sum: Moved = { to: '', migrated: 0, scheduled: 0, refused: [] };
  let cursor: string | null = null;
  do {
    const part: PlanMigration = await moveSubscriptions(key, move, cursor);
    sum.to = part.to;
    sum.migrated += part.migrated;
    sum.scheduled += part.scheduled;
    sum.refused = [...sum.refused, ...part.refused];
    tell({ ...sum });
    cursor = part.next_cursor;
  } while (cursor !== null);
  return sum;
};

/** Moves the subscriptions of a plan to another of its versions, after showing who gains or loses what. */
export const MoveDialog = ({ plan, onClose, ...rest }: Props) => {
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState<Moved | null>(null);
  const move = useMutation({
    mutationFn: (asked: Move) => moveAll(plan.key, asked, setProgress),
    onSettled: () => queryClient.invalidateQueries({ queryKey: catalogueKeys.all }),
  });
  return (
    <Dialog
      opened
      {...(!move.isPending && { onClose })}
      title={move.data ? 'The subscriptions are moved' : `Move subscriptions of ${plan.name}`}
      size="lg"
    >
      {move.data ? (
        <MoveOutcome moved={move.data} onClose={onClose} />
      ) : (
        <Question
          plan={plan}
          {...rest}
          onClose={onClose}
          onMove={(asked) => move.mutate(asked)}
          isPending={move.isPending}
          done={progress === null ? 0 : progress.migrated + progress.scheduled}
          error={move.error}
        />
      )}
    </Dialog>
  );
};

type QuestionProps = Props & {
  onMove: (move: Move) => void;
  isPending: boolean;
  /** How many are moved already. */
  done: number;
  error: Error | null;
};

const Question = ({ plan, from: first, to: target, onClose, onMove, isPending, done, error }: QuestionProps) => {
  const typeOf = useTypes();
  const [from, setFrom] = useState(first === undefined ? ALL : String(first));
  const [to, setTo] = useState(String(target));
  const [at, setAt] = useState<'period_end' | 'now'>('period_end');
  const asked: Move = { ...(from !== ALL && { from: Number(from) }), to: Number(to), at };
  const sources = plan.versions.filter(({ version, subscriptions }) => subscriptions > 0 && String(version) !== to);
  const count = sources
    .filter(({ version }) => from === ALL || String(version) === from)
    .reduce((sum, { subscriptions }) => sum + subscriptions, 0);
  const preview = useQuery({ ...moveQuery(plan.key, asked), enabled: count > 0 && !isPending });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (preview.data) onMove(asked);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group grow align="flex-start">
          <NativeSelect
            label="From"
            data={[
              { value: ALL, label: 'every other version' },
              ...sources.map(({ version, subscriptions }) => ({
                value: String(version),
                label: `version ${version} (${subscriptions.toLocaleString()})`,
              })),
            ]}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
            disabled={isPending}
          />
          <NativeSelect
            label="To"
            data={plan.versions
              .filter(({ status }) => status === 'published')
              .map(({ version }) => ({ value: String(version), label: `version ${version}` }))}
            value={to}
            onChange={(event) => {
              setTo(event.currentTarget.value);
              setFrom(ALL);
            }}
            disabled={isPending}
          />
        </Group>
        <Choice
          label="When"
          options={WHENS}
          value={at}
          onChange={(next) => setAt(next as 'period_end' | 'now')}
          isReadOnly={isPending}
        />
        {count === 0 && !isPending && (
          <Text size="sm" c="dimmed">
            Nobody is on it.
          </Text>
        )}
        {preview.error && <ErrorAlert error={preview.error} onRetry={() => preview.refetch()} />}
        {count > 0 && !preview.data && !preview.error && <Skeleton height={72} radius="md" />}
        {preview.data && <CustomerEffects preview={preview.data} typeOf={typeOf} />}
        {preview.data && count > PREVIEWED_SUBSCRIPTIONS_MAX && (
          <Text size="sm" c="dimmed">
            This looked at the first {PREVIEWED_SUBSCRIPTIONS_MAX.toLocaleString()} subscriptions only.
          </Text>
        )}
        {error && <ErrorAlert error={error} />}
        {(isPending || error) && (
          <Text size="sm" role="status">
            {done.toLocaleString()} of {(count + done).toLocaleString()} are done{error && '; the rest can go on'}.
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} disabled={isPending} data-autofocus>
            Cancel
          </Button>
          <Button type="submit" loading={isPending} disabled={!preview.data || count === 0}>
            {count === 1 ? 'Move one subscription' : `Move ${count.toLocaleString()} subscriptions`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
