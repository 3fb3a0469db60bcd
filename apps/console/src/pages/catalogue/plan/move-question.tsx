import type { Plan } from '@bastionary/contracts/plans';
import { Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Move, moveQuery, PREVIEWED_SUBSCRIPTIONS_MAX } from '../../../api/catalogue';
import { Choice } from '../../../ui/choice';
import { ErrorAlert } from '../../../ui/error-alert';
import { CustomerEffects } from '../customer-effects';
import { useTypes } from '../use-types';
import classes from './move-question.module.css';

const WHENS = [
  {
    value: 'period_end',
    label: 'At the end of their period',
    description: 'Each finishes what is paid for, then goes on with the new version.',
  },
  { value: 'now', label: 'Now', description: 'All at once, with the new features and prices.' },
];

const ALL = 'all';

type Props = {
  plan: Plan;
  from?: number;
  to: number;
  onClose: () => void;
  onMove: (move: Move) => void;
  isPending: boolean;
  /** How many are moved already. */
  done: number;
  error: Error | null;
};

/** From where, to where and when; and what that means for whom. */
export const MoveQuestion = ({ plan, from: first, to: target, onClose, onMove, isPending, done, error }: Props) => {
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
        <div className={classes.ends}>
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
        </div>
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
