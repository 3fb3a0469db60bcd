import type { TokenInspection } from '@bastionary/contracts/tokens';
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { overviewQuery } from '../../api/overview';
import { usePermission } from '../../api/session';
import { revokeToken } from '../../api/tokens';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { toast } from '../../ui/toast';

type Props = { token: string; client: TokenInspection['client']; onRevoked: () => void };

export const RevokeToken = ({ token, client, onRevoked }: Props) => {
  const mayRevoke = usePermission('tokens:write');
  const queryClient = useQueryClient();
  const [isAsking, ask] = useDisclosure(false);
  const revoke = useMutation({
    mutationFn: () => revokeToken(token),
    onSuccess: async ({ detail }) => {
      ask.close();
      toast(detail);
      onRevoked();
      await queryClient.invalidateQueries({ queryKey: overviewQuery.queryKey });
    },
  });
  if (!mayRevoke) return null;
  return (
    <>
      <Button color="red" variant="light" size="compact-md" onClick={ask.open}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={isAsking}
        onClose={ask.close}
        title="Revoke this token?"
        confirmLabel="Revoke the token"
        isDangerous
        isPending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate()}
      >
        <Text size="sm">
          It is refused at introspection and at this installation’s own API within a second, and this cannot be undone.{' '}
          {client ? `${client.name} can get a new one at any time; suspend the client if it must not.` : ''}
        </Text>
      </ConfirmDialog>
    </>
  );
};
