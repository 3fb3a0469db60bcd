import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { auditQuery } from '../../../api/audit';
import { clientKeys } from '../../../api/clients';
import { ApiError } from '../../../api/http';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { formatRelative } from '../../../ui/time';
import { useActorName } from '../../audit/actor';
import { actionPhrase } from '../../audit/sentence';

type Props = { error: Error; clientId: string; onReload: () => void };

/** A refused change. If somebody else was faster, says who, and offers to start from what is there now. */
export const UpdateError = ({ error, clientId, onReload }: Props) =>
  error instanceof ApiError && error.status === 412 ? (
    <Conflict clientId={clientId} onReload={onReload} />
  ) : (
    <ErrorAlert error={error} />
  );

const Conflict = ({ clientId, onReload }: { clientId: string; onReload: () => void }) => {
  const queryClient = useQueryClient();
  const maySeeAudit = usePermission('audit:read');
  const actorName = useActorName();
  const { data } = useQuery({
    ...auditQuery({ target: `client:${clientId}`, limit: 1 }),
    enabled: maySeeAudit,
    staleTime: 0,
  });
  const latest = data?.data[0];

  const reload = async () => {
    await queryClient.invalidateQueries({ queryKey: clientKeys.one(clientId) });
    onReload();
  };

  return (
    <Alert color="orange" role="alert" icon={<IconArrowsSplit2 aria-hidden />} title="The client was changed meanwhile">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="inherit">
          Your change was not saved.{' '}
          {latest && `Last, ${actorName(latest.actor)} ${actionPhrase(latest)}, ${formatRelative(latest.at)}.`}
        </Text>
        <Button size="xs" variant="default" onClick={reload}>
          Load what is there now
        </Button>
      </Stack>
    </Alert>
  );
};
