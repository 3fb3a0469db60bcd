import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { catalogueKeys, moveQuery, publishVersion } from '../../../api/catalogue';
import { usePermission } from '../../../api/session';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { ErrorAlert } from '../../../ui/error-alert';
import { toast } from '../../../ui/toast';
import { CustomerEffects } from '../customer-effects';
import { DifferenceList } from '../difference-list';
import { currentOf, subscriptionsOf } from '../plans/plan-versions';
import { pricesWords } from '../price-words';
import { useTypes } from '../use-types';
import { versionDiff } from '../version-diff';

type Props = { plan: Plan; version: PlanVersion; onClose: () => void };

export const PublishDialog = ({ plan, version, onClose }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const typeOf = useTypes();
  const current = currentOf(plan);
  const publish = useMutation({
    mutationFn: () => publishVersion(plan.key, version.version),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`Version ${version.version} is published.`);
      onClose();
      await navigate({
        to: '/catalogue/plans/$planKey',
        params: { planKey: plan.key },
        search: { version: String(version.version) },
      });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Publish version ${version.version} of ${plan.name}?`}
      confirmLabel={`Publish version ${version.version}`}
      isPending={publish.isPending}
      error={publish.error}
      onConfirm={() => publish.mutate()}
    >
      <Text size="sm">
        From then on it never changes, and new subscriptions of {plan.key} get it: {pricesWords(version.prices)}.
      </Text>
      {current && (
        <div>
          <Text size="sm" fw={550}>
            Against version {current.version}, which is sold now
          </Text>
          <DifferenceList
            differences={versionDiff(current, version, typeOf)}
            emptyText="Nothing: it grants and costs the same."
          />
        </div>
      )}
      {subscriptionsOf(plan) > 0 && <Existing plan={plan} version={version} />}
    </ConfirmDialog>
  );
};

/** Who is on the plan already stays where he is; what it would mean to move them is worth knowing before. */
const Existing = ({ plan, version }: Pick<Props, 'plan' | 'version'>) => {
  const mayMove = usePermission('subscriptions:write');
  const typeOf = useTypes();
  const { data, error, refetch } = useQuery({
    ...moveQuery(plan.key, { to: version.version, at: 'now' }),
    enabled: mayMove,
  });
  const count = subscriptionsOf(plan);
  return (
    <Stack gap="xs">
      <Text size="sm">
        {count === 1
          ? 'The one subscription there is stays on its version until you move it.'
          : `The ${count.toLocaleString()} subscriptions there are stay on their versions until you move them.`}
        {mayMove && ' If you did:'}
      </Text>
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {mayMove && !data && !error && <Skeleton height={64} radius="md" />}
      {data && <CustomerEffects preview={data} typeOf={typeOf} />}
    </Stack>
  );
};
