import type { Subscription } from '@bastionary/contracts/plans';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { withdrawChange } from '../../api/subscriptions';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { UpdateError } from '../audit/update-error';
import { changeLines } from './timeline';
import { conflictOf, useChangeSubscription } from './use-change-subscription';
import { formatZoned } from './zoned-time';

type Props = { subscription: Subscription; etag: string; changeId: string; timeZone: string; onClose: () => void };

export const WithdrawDialog = ({ subscription, etag, changeId, timeZone, onClose }: Props) => {
  const { id, scheduled } = subscription;
  // As it was when it was asked: once withdrawn, it is no longer among those to come.
  const [asked] = useState(() => scheduled.find((one) => one.id === changeId));
  const [openedEtag] = useState(etag);
  const withdraw = useChangeSubscription(
    id,
    () => withdrawChange(id, openedEtag, changeId),
    'The change is withdrawn.',
    onClose,
  );
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Withdraw this change?"
      confirmLabel="Withdraw the change"
      isPending={withdraw.isPending}
      error={null}
      onConfirm={() => withdraw.mutate()}
    >
      {asked && (
        <>
          <Text size="sm">Arranged for {formatZoned(asked.at, timeZone)}:</Text>
          <Consequences of={changeLines(asked.change as Parameters<typeof changeLines>[0])} />
        </>
      )}
      <Text size="sm" c="dimmed">
        It will not happen; what the customer has today stays.
      </Text>
      {withdraw.error && <UpdateError error={withdraw.error} {...conflictOf(id)} onReload={onClose} />}
    </ConfirmDialog>
  );
};
