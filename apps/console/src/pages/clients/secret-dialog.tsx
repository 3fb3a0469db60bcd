import { Button, Checkbox, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { issuerQuery } from '../../api/overview';
import { Dialog } from '../../ui/dialog';
import { SecretOnce } from './secret-once';

type Props = { clientId: string; secret: string; onStored: () => void };

/** Cannot be closed by Escape or a click beside it: the secret would be gone. */
export const SecretDialog = ({ clientId, secret, onStored }: Props) => {
  const issuer = useQuery(issuerQuery).data;
  const [isStored, setStored] = useState(false);
  return (
    <Dialog opened title="The new secret" size="lg">
      <Stack>
        {issuer ? <SecretOnce clientId={clientId} secret={secret} issuer={issuer} /> : <Skeleton height={260} />}
        <Group justify="space-between">
          <Checkbox
            label="I have stored the secret"
            checked={isStored}
            onChange={(event) => setStored(event.currentTarget.checked)}
          />
          <Button onClick={onStored} disabled={!isStored}>
            Done
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
