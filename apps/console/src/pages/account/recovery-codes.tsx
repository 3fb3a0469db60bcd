import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { newRecoveryCodes } from '../../api/account';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Panel } from '../../ui/panel';
import { CodesOnce } from './codes-once';
import { useAccountChange } from './use-account-change';

export const RecoveryCodes = ({ left }: { left: number }) => {
  const [isAsking, setIsAsking] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const replace = useAccountChange(newRecoveryCodes, (made) => {
    setIsAsking(false);
    setCodes(made.recovery_codes);
  });
  return (
    <Panel title="Recovery codes">
      <Stack align="flex-start">
        <Text size="sm">
          {left === 1 ? 'One code is' : `${left} codes are`} left. Each signs you in once if you lose your second
          factor.
        </Text>
        <Button variant="default" onClick={() => setIsAsking(true)}>
          Make new codes
        </Button>
      </Stack>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title="Make new recovery codes?"
        confirmLabel="Make new codes"
        isPending={replace.isPending}
        error={replace.error}
        onConfirm={() => replace.mutate()}
      >
        <Text size="sm">The codes you have stored stop working.</Text>
      </ConfirmDialog>
      <CodesOnce codes={codes} onClose={() => setCodes(null)} />
    </Panel>
  );
};
