import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { PasskeyError } from '../api/authenticator';
import { ApiError } from '../api/http';
import { CopyableId } from './copyable-id';

const titleOf = (error: Error) => (error instanceof ApiError && error.problem?.title) || 'That did not work';

/** What the reader can do nothing about: there the request id helps whoever can. */
const isUnexpected = (error: ApiError) => error.status >= 500 || error.status === 0;

type Props = { error: Error; title?: string; onRetry?: () => void };

export const ErrorAlert = ({ error, title, onRetry }: Props) => {
  const api = error instanceof ApiError ? error : null;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={title ?? titleOf(error)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="inherit">
          {api || error instanceof PasskeyError
            ? error.message
            : 'The answer could not be understood. Reload the page; the console may be older than the server.'}
        </Text>
        {api?.retryAfterSeconds && (
          <Text size="sm" c="inherit">
            Try again in {api.retryAfterSeconds} seconds.
          </Text>
        )}
        {api?.problem && isUnexpected(api) && (
          <Group gap={4}>
            <Text size="sm" c="inherit">
              Request id
            </Text>
            <CopyableId id={api.problem.request_id} what="request id" />
          </Group>
        )}
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
};
