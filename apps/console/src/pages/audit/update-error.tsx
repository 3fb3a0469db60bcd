import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { auditQuery } from '../../api/audit';
import { ApiError } from '../../api/http';
import { usePermission } from '../../api/session';
import { ErrorAlert } from '../../ui/error-alert';
import { formatRelative } from '../../ui/time';
import { useActorName } from './actor';
import { actionPhrase } from './sentence';

type Props = {
  error: Error;
  /** What was to be changed, as the audit log names it: client:my_client_id. */
  target: string;
  /** Where what is there now is kept. */
  queryKey: QueryKey;
  onReload: () => void;
};

/** A refused change. If somebody else was faster, says who, and offers to start from what is there now. */
export const UpdateError = ({ error, ...conflict }: Props) =>
  error instanceof ApiError && error.status === 412 ? <Conflict {...conflict} /> : <ErrorAlert error={error} />;

const Conflict = ({ target, queryKey, onReload }: Omit<Props, 'error'>) => {
  const queryClient = useQueryClient();
  const maySeeAudit = usePermission('audit:read');
  const actorName = useActorName();
  const { data } = useQuery({ ...auditQuery({ target, limit: 1 }), enabled: maySeeAudit, staleTime: 0 });
  const latest = data?.data[0];
  const kind = target.split(':')[0]?.replaceAll('_', ' ');

  const reload = async () => {
    await queryClient.invalidateQueries({ queryKey });
    onReload();
  };

  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconArrowsSplit2 aria-hidden />}
      title={`The ${kind} was changed meanwhile`}
    >
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
