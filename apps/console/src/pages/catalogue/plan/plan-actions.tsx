import type { Plan, PlanVersion } from '@bastionary/contracts/plans';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { addPlanVersion, catalogueKeys } from '../../../api/catalogue';
import { idempotencyKey } from '../../../api/idempotency-key';
import { ErrorAlert } from '../../../ui/error-alert';
import { toast } from '../../../ui/toast';
import { draftOf } from '../plans/plan-versions';
import { EditPlan } from './edit-plan';

type Props = { plan: Plan; shown: PlanVersion | undefined };

/** A new version begins as a copy of the one on the screen. While there is a draft, that is the one to go on with. */
export const PlanActions = ({ plan, shown }: Props) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [isEditing, editing] = useDisclosure(false);
  const [intent, setIntent] = useState(idempotencyKey);
  const add = useMutation({
    mutationFn: ({ features, prices, trial_days }: PlanVersion) =>
      addPlanVersion(plan.key, { features: features as never, prices, trial_days }, intent),
    onSuccess: async ({ version }) => {
      setIntent(idempotencyKey());
      await queryClient.invalidateQueries({ queryKey: catalogueKeys.all });
      toast(`Version ${version} is a draft. Nobody has it before it is published.`);
      await navigate({
        to: '/catalogue/plans/$planKey',
        params: { planKey: plan.key },
        search: { version: String(version) },
      });
    },
  });
  return (
    <>
      <Button variant="default" onClick={editing.open}>
        Edit
      </Button>
      {shown && draftOf(plan) === undefined && (
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => add.mutate(shown)}
          loading={add.isPending}
        >
          New version from version {shown.version}
        </Button>
      )}
      {add.error && <ErrorAlert error={add.error} />}
      {isEditing && <EditPlan plan={plan} onClose={editing.close} />}
    </>
  );
};
