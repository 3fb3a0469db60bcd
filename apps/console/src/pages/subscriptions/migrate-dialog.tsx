import type { MigratePlanRequest, Plan, Subscription } from '@bastionary/contracts/plans';
import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/http';
import { migratePlan, migrationPreviewQuery, subscriptionKeys } from '../../api/subscriptions';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { toast } from '../../ui/toast';
import { BeforeAfter } from './before-after';
import { Effects } from './effects';
import { priceLines, type Terms, termsOf, versionNumberOf } from './terms';
import { WhenChoice, type WhenDraft } from './when-field';

type Props = {
  subscription: Subscription;
  plan: Plan;
  plans: Plan[];
  currency: string | undefined;
  timeZone: string;
  onClose: () => void;
};

/** Moves one subscription to another version of the plan it is on. */
export const MigrateDialog = ({ subscription, plan, plans, currency, timeZone, onClose }: Props) => {
  const { id, current_period: period } = subscription;
  const [before] = useState(() => termsOf(subscription));
  const own = versionNumberOf(before.plan);
  const others = plan.versions.filter(({ status, version }) => status === 'published' && version !== own);
  const [to, setTo] = useState(plan.current_version ?? own);
  const [at, setAt] = useState<WhenDraft>({ kind: period ? 'period_end' : 'now', at: '' });
  const queryClient = useQueryClient();
  const body: MigratePlanRequest = { to, subscription_ids: [id], at: at.kind as 'now' | 'period_end', limit: 1 };
  const dryRun = useQuery(migrationPreviewQuery(plan.key, body));
  const migrate = useMutation({
    mutationFn: async () => {
      const { refused } = await migratePlan(plan.key, body);
      if (refused[0]) throw new ApiError(409, toProblem(refused[0]), null);
    },
    onSuccess: async () => {
      onClose();
      toast(at.kind === 'now' ? `It is on version ${to} now.` : `It moves to version ${to} at the end of the period.`);
      await queryClient.invalidateQueries({ queryKey: subscriptionKeys.all });
      await queryClient.invalidateQueries({ queryKey: ['plans'] });
      await queryClient.invalidateQueries({ queryKey: ['audit'] });
    },
  });
  const after: Terms = { ...before, plan: `${plan.key}@${to}` };
  const price = (terms: Terms) => priceLines(plans, terms, currency).join('\n') || 'nothing';

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Move to another version of ${plan.name}?`}
      confirmLabel={`Move to version ${to}`}
      isDisabled={!dryRun.data}
      isPending={migrate.isPending}
      error={migrate.error}
      onConfirm={() => migrate.mutate()}
    >
      {others.length > 1 && (
        <NativeSelect
          label="Version"
          data={others.map(({ version }) => String(version))}
          value={String(to)}
          onChange={(event) => setTo(Number(event.currentTarget.value))}
        />
      )}
      <WhenChoice
        label="When"
        value={at}
        onChange={setAt}
        periodEnd={period?.end ?? null}
        isTrial={subscription.state === 'trialing'}
        timeZone={timeZone}
      />
      <BeforeAfter
        rows={[
          ['Plan', before.plan, after.plan],
          ['Price', price(before), price(after)],
        ]}
      />
      <Effects dryRun={dryRun} />
    </ConfirmDialog>
  );
};

// A migration tells of each subscription that it could not move; of one alone that is the answer.
const toProblem = ({ code, message }: { code: string; message: string }) => ({
  type: 'about:blank',
  title: 'The subscription could not be moved',
  status: 409,
  code,
  detail: message,
  request_id: '',
});
