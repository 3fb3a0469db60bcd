import type { Subscription, UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changePreviewQuery, updateSubscription } from '../../api/subscriptions';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { UpdateError } from '../audit/update-error';
import { Effects } from './effects';
import { conflictOf, useChangeSubscription } from './use-change-subscription';
import { WhenChoice, type WhenDraft } from './when-field';

export type Act = 'cancel' | 'uncancel' | 'pause' | 'resume';

type Words = {
  title: string;
  confirm: string;
  done: string;
  body: Pick<UpdateSubscriptionRequest, 'cancel' | 'pause'>;
  /** Asked when; the label of the question. */
  when?: string;
  consequences: (at: WhenDraft['kind']) => string[];
};

const WORDS: Record<Act, Words> = {
  cancel: {
    title: 'Cancel this subscription?',
    confirm: 'Cancel the subscription',
    done: 'The subscription is canceled, or will be at its end.',
    body: { cancel: true },
    when: 'When it ends',
    consequences: (at) =>
      at === 'now'
        ? [
            'It ends at once and for good: to come back, the customer needs a new subscription.',
            'What was arranged for later is dropped.',
          ]
        : ['Until then everything stays as it is, and the end can be taken back.'],
  },
  uncancel: {
    title: 'Take back the end?',
    confirm: 'Take back the end',
    done: 'The subscription goes on.',
    body: { cancel: false },
    consequences: () => ['The subscription goes on, period after period, as if it had never been canceled.'],
  },
  pause: {
    title: 'Pause this subscription?',
    confirm: 'Pause',
    done: 'The subscription is paused, or will be.',
    body: { pause: true },
    when: 'When the pause begins',
    consequences: () => [
      'While it is paused the customer has nothing from it. It stays paused until somebody resumes it.',
      'Its periods go on being counted; a pause moves no boundary.',
    ],
  },
  resume: {
    title: 'Resume this subscription?',
    confirm: 'Resume',
    done: 'The subscription goes on.',
    body: { pause: false },
    consequences: () => ['The customer has what the plan grants again.'],
  },
};

type Props = { act: Act; subscription: Subscription; etag: string; timeZone: string; onClose: () => void };

/** Cancel, pause and their opposites: asked with what the customer would gain or lose by it. */
export const ActDialog = ({ act, subscription, etag, timeZone, onClose }: Props) => {
  const { id, current_period: period } = subscription;
  const { title, confirm, done, body, when, consequences } = WORDS[act];
  const [at, setAt] = useState<WhenDraft>({ kind: act === 'cancel' && period ? 'period_end' : 'now', at: '' });
  // The version on the screen when it was asked: a refetch behind the dialog must not hide a conflict.
  const [openedEtag] = useState(etag);
  const request: UpdateSubscriptionRequest = { ...body, ...(when && { at: at.kind as 'now' | 'period_end' }) };
  const dryRun = useQuery({ ...changePreviewQuery(id, request), enabled: act !== 'uncancel' });
  const change = useChangeSubscription(id, () => updateSubscription(id, openedEtag, request), done, onClose);

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      confirmLabel={confirm}
      isDangerous={act === 'cancel'}
      isDisabled={act !== 'uncancel' && !dryRun.data}
      isPending={change.isPending}
      error={null}
      onConfirm={() => change.mutate()}
    >
      {when && (
        <WhenChoice
          label={when}
          value={at}
          onChange={setAt}
          periodEnd={period?.end ?? null}
          isTrial={subscription.state === 'trialing'}
          timeZone={timeZone}
        />
      )}
      {act !== 'uncancel' && <Effects dryRun={dryRun} />}
      <Consequences of={consequences(at.kind)} />
      {change.error && <UpdateError error={change.error} {...conflictOf(id)} onReload={onClose} />}
    </ConfirmDialog>
  );
};
