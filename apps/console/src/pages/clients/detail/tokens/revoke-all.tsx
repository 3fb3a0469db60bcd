import type { Client } from '@bastionary/contracts/clients';
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { clientKeys } from '../../../../api/clients';
import { usePermission } from '../../../../api/session';
import { Panel } from '../../../../ui/panel';
import { RevocationDialog } from '../../../../ui/revocation-dialog';
import { Time } from '../../../../ui/time';

export const RevokeAll = ({ client }: { client: Client }) => {
  const mayRevoke = usePermission('revocations:write');
  const queryClient = useQueryClient();
  const [isAsking, ask] = useDisclosure(false);

  const finish = async () => {
    ask.close();
    await queryClient.invalidateQueries({ queryKey: clientKeys.all });
  };

  return (
    <Panel
      title="Revoke its tokens"
      aside={
        mayRevoke && (
          <Button color="red" variant="light" onClick={ask.open}>
            Revoke all tokens
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed" maw="46rem">
        {client.tokens_not_before && (
          <>
            Tokens issued before <Time value={client.tokens_not_before} as="date-time" /> are dead.{' '}
          </>
        )}
        The client stays active and can get new tokens; suspend it if it must not.
      </Text>
      {isAsking && (
        <RevocationDialog
          title={`Revoke all tokens of ${client.name}?`}
          request={{ by: 'client', id: client.client_id }}
          onClose={ask.close}
          onRevoked={finish}
        />
      )}
    </Panel>
  );
};
