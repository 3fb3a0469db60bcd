import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { billingKeys } from '../../api/billing-terms';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { toast } from '../../ui/toast';

type Props = { name: string; consequence: string; retire: () => Promise<unknown> };

export const RetireButton = ({ name, consequence, retire }: Props) => {
  const [isAsking, setAsking] = useState(false);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: retire,
    onSuccess: async () => {
      setAsking(false);
      await queryClient.invalidateQueries({ queryKey: billingKeys.all });
      toast(`${name} is retired.`);
    },
  });
  return (
    <>
      <Button size="compact-sm" variant="subtle" aria-label={`Retire ${name}`} onClick={() => setAsking(true)}>
        Retire
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Retire ${name}?`}
        confirmLabel="Retire"
        isDangerous
        isPending={act.isPending}
        error={act.error}
        onConfirm={() => act.mutate()}
      >
        <Text size="sm">{consequence}</Text>
      </ConfirmDialog>
    </>
  );
};
