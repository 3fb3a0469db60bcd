import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { catalogueKeys, retireVersion } from '../../../api/catalogue';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { toast } from '../../../ui/toast';

type Props = { plan: Plan; version: PlanVersion; onClose: () => void };

const consequencesOf = (plan: Plan, { version, status, subscriptions }: PlanVersion) => {
  if (status === 'draft') return ['It can no longer be edited or published. It stays in the list.', 'Nobody has it.'];
  const next = plan.versions.find((one) => one.status === 'published' && one.version !== version);
  return [
    'It takes no new subscription. This cannot be undone.',
    subscriptions === 0
      ? 'Nobody is on it.'
      : `${subscriptions.toLocaleString()} ${subscriptions === 1 ? 'subscription stays' : 'subscriptions stay'} on it as before, until moved.`,
    ...(plan.current_version !== version
      ? []
      : [
          next
            ? `New subscriptions of ${plan.key} get version ${next.version}.`
            : `${plan.key} can then not be subscribed to until another version is published.`,
        ]),
  ];
};

export const RetireDialog = ({ plan, version, onClose }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const isDraft = version.status === 'draft';
  const retire = useMutation({
    mutationFn: () => retireVersion(plan.key, version.version),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(isDraft ? 'The draft is given up.' : `Version ${version.version} is retired.`);
      onClose();
      await navigate({ to: '/catalogue/plans/$planKey', params: { planKey: plan.key }, search: {} });
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={isDraft ? `Discard the draft, version ${version.version}?` : `Retire version ${version.version}?`}
      confirmLabel={isDraft ? 'Discard the draft' : 'Retire the version'}
      isDangerous
      isPending={retire.isPending}
      error={retire.error}
      onConfirm={() => retire.mutate()}
    >
      <Consequences of={consequencesOf(plan, version)} />
    </ConfirmDialog>
  );
};
