import type { Meter } from '@bastionary/contracts/meters';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { meterKeys, updateMeter } from '../../api/meters';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { toast } from '../../ui/toast';

/** Archives a meter, or takes it back. */
export const ArchiveMeter = ({ meter: { key, name, archived_at } }: { meter: Meter }) => {
  const isArchived = archived_at !== null;
  const [isAsking, setAsking] = useState(false);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: () => updateMeter(key, { archived: !isArchived }),
    onSuccess: async () => {
      setAsking(false);
      await queryClient.invalidateQueries({ queryKey: meterKeys.all });
      toast(isArchived ? `${name} is taken back.` : `${name} is archived.`);
    },
  });
  const verb = isArchived ? 'Take back' : 'Archive';
  return (
    <>
      <Button size="compact-sm" variant="subtle" aria-label={`${verb} ${name}`} onClick={() => setAsking(true)}>
        {verb}
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={isArchived ? `Take ${name} back?` : `Archive ${name}?`}
        confirmLabel={isArchived ? 'Take it back' : 'Archive the meter'}
        isPending={change.isPending}
        error={change.error}
        onConfirm={() => change.mutate()}
      >
        <Consequences
          of={
            isArchived
              ? ['New prices can be made with it again.']
              : ['No new price can be made with it.', 'It counts on, and prices that have it charge on.']
          }
        />
      </ConfirmDialog>
    </>
  );
};
