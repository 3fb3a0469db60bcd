import type { Resource } from '@bastionary/contracts/resources';
import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { usePermission } from '../../../api/session';
import { Panel } from '../../../ui/panel';
import { RevocationDialog } from '../../../ui/revocation-dialog';

export const RevokeForResource = ({ resource }: { resource: Resource }) => {
  const mayRevoke = usePermission('revocations:write');
  const [isAsking, ask] = useDisclosure(false);
  if (!mayRevoke) return null;
  return (
    <Panel
      title="Revoke its tokens"
      aside={
        <Button color="red" variant="light" onClick={ask.open}>
          Revoke all tokens
        </Button>
      }
    >
      <Text size="sm" c="dimmed" maw="46rem">
        Every token that is meant for this resource, of every client. The clients can get new ones at once.
      </Text>
      {isAsking && (
        <RevocationDialog
          title={`Revoke all tokens for ${resource.name}?`}
          request={{ by: 'resource', id: resource.identifier }}
          onClose={ask.close}
          onRevoked={ask.close}
        />
      )}
    </Panel>
  );
};
