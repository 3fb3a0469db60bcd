import { Anchor, Center, Loader, Stack, Text } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { ErrorAlert } from '../ui/error-alert';
import { PageHeader } from '../ui/page-header';

export const PageLoading = () => (
  <Center mih="40vh">
    <Loader aria-label="Loading" />
  </Center>
);

export const PageError = ({ error, reset }: ErrorComponentProps) => (
  <Stack p="md" maw="44rem">
    <ErrorAlert error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
  </Stack>
);

export const NotFound = () => (
  <Center component="main" mih="70vh" p="md">
    <div>
      <PageHeader title="There is no such page" />
      <Text>
        <Anchor component={Link} to="/" underline="always">
          Go to the overview
        </Anchor>
      </Text>
    </div>
  </Center>
);
