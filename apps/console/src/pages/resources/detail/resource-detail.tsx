import { Badge, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconServerOff, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ApiError } from '../../../api/http';
import { resourceQuery } from '../../../api/resources';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { Time } from '../../../ui/time';
import { DeleteResourceDialog } from './delete-resource-dialog';
import { ResourceForm } from './resource-form';
import { RevokeForResource } from './revoke-for-resource';

const route = getRouteApi('/signed-in/resources/$resourceId');

export const ResourceDetailPage = () => {
  const { resourceId } = route.useParams();
  const mayWrite = usePermission('resources:write');
  const [isDeleting, deletion] = useDisclosure(false);
  const { data, error, refetch } = useQuery(resourceQuery(resourceId));

  if (error instanceof ApiError && error.status === 404) return <ResourceNotFound id={resourceId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={320} radius="lg" />;
  const { resource, etag } = data;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/resources" size="sm">
            ← Resources
          </RouterAnchor>
        }
        title={resource.name}
        titleAside={resource.built_in && <Badge color="gray">built in</Badge>}
        description={
          <Group gap="xs">
            <CopyableId id={resource.identifier} what="identifier" />
            <Text span inherit>
              changed <Time value={resource.updated_at} />
            </Text>
          </Group>
        }
        actions={
          mayWrite &&
          !resource.built_in && (
            <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={deletion.open}>
              Delete
            </Button>
          )
        }
      />
      <Stack gap="lg">
        <ResourceForm resource={resource} etag={etag} />
        <RevokeForResource resource={resource} />
      </Stack>
      {isDeleting && <DeleteResourceDialog resource={resource} onClose={deletion.close} />}
    </>
  );
};

const ResourceNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="There is no such resource" />
    <EmptyState
      icon={IconServerOff}
      title={id}
      action={
        <RouterButton to="/resources" variant="default">
          See all resources
        </RouterButton>
      }
    >
      No resource has this id. It may have been deleted; what was done to it still stands in the audit log.
    </EmptyState>
  </>
);
