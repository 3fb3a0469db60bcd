import type { CreateSubscriptionRequest } from '@bastionary/contracts/plans';
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { billingKeys } from '../../api/billing-terms';
import { plansQuery } from '../../api/catalogue';
import { customerKeys, customerQuery } from '../../api/customers';
import { ApiError } from '../../api/http';
import { idempotencyKey } from '../../api/idempotency-key';
import { usePermission } from '../../api/session';
import { createSubscription, creationPreviewQuery, subscriptionKeys } from '../../api/subscriptions';
import { Choice } from '../../ui/choice';
import { ErrorAlert } from '../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../ui/links';
import { MissingPermission } from '../../ui/missing-permission';
import { NumberField } from '../../ui/number-field';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { toast } from '../../ui/toast';
import { CustomerSelect } from '../customers/customer-select';
import { CouponField } from './coupon-field';
import classes from './create-subscription.module.css';
import { Effects } from './effects';
import { priceLines, versionOf } from './terms';
import { emptyTerms } from './terms-draft';
import { TermsFields } from './terms-fields';
import { type CreationDraft, writeCreation } from './write-creation';

const route = getRouteApi('/signed-in/subscriptions/actions/create');

export const CreateSubscriptionPage = () => {
  const mayCreate = usePermission('subscriptions:write');
  const { customer } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const plans = useQuery({ ...plansQuery, enabled: mayCreate });
  const [draft, setDraft] = useState<CreationDraft>({
    customer: customer ?? null,
    terms: emptyTerms,
    starts: 'now',
    start: '',
    trialDays: '',
    coupon: '',
  });
  const [isTried, setTried] = useState(false);
  const [key, setKey] = useState(idempotencyKey);
  const written = writeCreation(draft);
  const body = 'body' in written ? written.body : null;
  const [asked] = useDebouncedValue(JSON.stringify(body), 250);
  const isSettled = asked === JSON.stringify(body);
  const dryRun = useQuery({
    ...creationPreviewQuery(JSON.parse(asked) as CreateSubscriptionRequest),
    enabled: body !== null && isSettled,
  });
  const chosen = useQuery({ ...customerQuery(draft.customer ?? ''), enabled: draft.customer !== null }).data?.customer;
  const create = useMutation({
    mutationFn: (request: CreateSubscriptionRequest) => createSubscription(request, key),
    onSuccess: async ({ id }) => {
      toast('The subscription is created.');
      await queryClient.invalidateQueries({ queryKey: subscriptionKeys.all });
      await queryClient.invalidateQueries({ queryKey: customerKeys.all });
      await queryClient.invalidateQueries({ queryKey: billingKeys.all });
      await navigate({ to: '/subscriptions/$subscriptionId', params: { subscriptionId: id } });
    },
    onError: () => setKey(idempotencyKey()),
  });
  const change = (part: Partial<CreationDraft>) => setDraft((previous) => ({ ...previous, ...part }));
  const refused = dryRun.error instanceof ApiError && body !== null ? dryRun.error.fieldErrors : {};
  const faults: Record<string, string> = { ...refused, ...(isTried && 'faults' in written ? written.faults : {}) };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (body !== null && !create.isPending) create.mutate(body);
  };

  if (!mayCreate) return <MissingPermission permission="subscriptions:write" />;
  const version = plans.data && versionOf(plans.data, planOf(draft));
  const trial = version?.trial_days ?? 0;
  const prices = plans.data && body ? priceLines(plans.data, body, chosen?.currency) : [];
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/subscriptions" search={{}} size="sm">
            ← Subscriptions
          </RouterAnchor>
        }
        title="Create a subscription"
      />
      {plans.error && <ErrorAlert error={plans.error} onRetry={() => plans.refetch()} />}
      <form onSubmit={submit} noValidate className={classes.columns}>
        <Stack gap="lg">
          <Panel title="Who, and what">
            <Stack>
              <CustomerSelect
                label="Customer"
                required
                value={draft.customer}
                onChange={(id) => change({ customer: id, coupon: '' })}
                error={faults.customer_id}
              />
              {plans.data?.every(({ current_version }) => current_version === null) && (
                <Alert color="orange" title="No plan can be subscribed to">
                  A plan needs a published version first.
                </Alert>
              )}
              <TermsFields
                plans={plans.data ?? []}
                draft={draft.terms}
                change={(part) => change({ terms: { ...draft.terms, ...part } })}
                faults={faults}
              />
            </Stack>
          </Panel>
          <Panel title="From when">
            <Stack>
              <Choice
                label="Start"
                value={draft.starts}
                onChange={(starts) => change({ starts: starts as CreationDraft['starts'] })}
                options={[
                  { value: 'now', label: 'Now', description: 'In the moment you create it.' },
                  {
                    value: 'custom',
                    label: 'At a certain time',
                    description: 'In the future, or in the past for what began before it was written down here.',
                  },
                ]}
              />
              {draft.starts === 'custom' && (
                <TextInput
                  label="Date and time, as your clock has it"
                  type="datetime-local"
                  required
                  value={draft.start}
                  onChange={(event) => change({ start: event.currentTarget.value })}
                  error={faults.start}
                />
              )}
              <NumberField
                label="Trial in days"
                description="Empty: as the plan has it. 0: none."
                placeholder={String(trial)}
                value={draft.trialDays}
                onChange={(trialDays) => change({ trialDays })}
                error={faults.trial_days}
              />
            </Stack>
          </Panel>
          <CouponField
            value={draft.coupon}
            onChange={(coupon) => change({ coupon })}
            currency={chosen?.currency}
            error={faults.coupon}
          />
        </Stack>
        <Stack gap="md" className={classes.aside}>
          <Panel title="What follows">
            <Stack gap="sm">
              {prices.length > 0 && (
                <div>
                  {prices.map((line) => (
                    <div key={line} className={classes.price}>
                      {line}
                    </div>
                  ))}
                </div>
              )}
              <Effects
                dryRun={dryRun}
                isAsked={body !== null}
                isTyping={!isSettled}
                hint="Choose a customer and a plan, and see here what the customer will have."
              />
              {create.error && <ErrorAlert error={create.error} />}
              <Group justify="flex-end" gap="xs">
                <RouterButton to="/subscriptions" search={{}} variant="default">
                  Cancel
                </RouterButton>
                <Button type="submit" loading={create.isPending}>
                  Create
                </Button>
              </Group>
            </Stack>
          </Panel>
        </Stack>
      </form>
    </>
  );
};

const planOf = ({ terms: { plan, version } }: CreationDraft) => (version === '' ? plan : `${plan}@${version}`);
