import type { Plan, PlanMigration } from '@bastionary/contracts/plans';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { catalogueKeys, type Move, moveSubscriptions } from '../../../api/catalogue';
import { Dialog } from '../../../ui/dialog';
import { MoveOutcome } from './move-outcome';
import { MoveQuestion } from './move-question';

type Props = { plan: Plan; from?: number; to: number; onClose: () => void };
type Moved = Omit<PlanMigration, 'next_cursor'>;

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
        <MoveQuestion
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
