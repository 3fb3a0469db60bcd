import { Badge, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconTagOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { planQuery } from '../../../api/catalogue';
import { ApiError } from '../../../api/http';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { PageHeader } from '../../../ui/page-header';
import { currentOf, draftOf, versionOf } from '../plans/plan-versions';
import { LeftBehind } from './left-behind';
import { PlanActions } from './plan-actions';
import { VersionSection } from './version-section';
import { VersionTable } from './version-table';

const route = getRouteApi('/signed-in/catalogue/plans/$planKey');

const toCatalogue = (
  <RouterAnchor to="/catalogue" search={{}} size="sm">
    ← Catalogue
  </RouterAnchor>
);

export const PlanDetailPage = () => {
  const { planKey } = route.useParams();
  const search = route.useSearch();
  const mayWrite = usePermission('catalogue:write');
  const { data: plan, error, refetch } = useQuery(planQuery(planKey));

  if (error instanceof ApiError && error.status === 404) return <PlanNotFound planKey={planKey} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!plan) return <Skeleton height={320} radius="lg" />;
  const asked = search.version === undefined ? undefined : versionOf(plan, Number(search.version));
  const shown = asked ?? (mayWrite ? draftOf(plan) : undefined) ?? currentOf(plan) ?? plan.versions[0];
  return (
    <>
      <PageHeader
        above={toCatalogue}
        title={plan.name}
        titleAside={plan.kind === 'add_on' && <Badge color="gray">add-on</Badge>}
        description={
          <Group gap="xs">
            <CopyableId id={plan.key} what="plan key" />
            {plan.description && (
              <Text span inherit>
                {plan.description}
              </Text>
            )}
          </Group>
        }
        actions={mayWrite && <PlanActions plan={plan} shown={shown} />}
      />
      <Stack gap="lg">
        <LeftBehind plan={plan} />
        <VersionTable plan={plan} shown={shown?.version} />
        {shown && <VersionSection key={shown.version} plan={plan} version={shown} against={search.against} />}
      </Stack>
    </>
  );
};

const PlanNotFound = ({ planKey }: { planKey: string }) => (
  <>
    <PageHeader title="There is no such plan" />
    <EmptyState
      icon={IconTagOff}
      title={planKey}
      action={
        <RouterButton to="/catalogue" search={{}} variant="default">
          See the catalogue
        </RouterButton>
      }
    >
      No plan and no add-on has this key. Plans are never deleted; it may be misspelt.
    </EmptyState>
  </>
);
