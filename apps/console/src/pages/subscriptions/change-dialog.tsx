import type { Plan, Subscription, UpdateSubscriptionRequest } from '@bastionary/contracts/plans';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/http';
import { changePreviewQuery, updateSubscription } from '../../api/subscriptions';
import { Dialog } from '../../ui/dialog';
import { UpdateError } from '../audit/update-error';
import { BeforeAfter } from './before-after';
import { Effects } from './effects';
import { addOnWords, priceLines, type Terms, termsOf, versionOf } from './terms';
import { readTerms, writeTerms } from './terms-draft';
import { TermsFields } from './terms-fields';
import { conflictOf, useChangeSubscription } from './use-change-subscription';
import { type WhenDraft, WhenSelect, writeWhen } from './when-field';

type Props = {
  subscription: Subscription;
  etag: string;
  plans: Plan[];
  currency: string | undefined;
  timeZone: string;
  onClose: () => void;
};

/** Another plan, quantity or add-ons: what is there beside what would be, tried out by the api before it is done. */
export const ChangeDialog = (props: Props) => (
  <Dialog opened onClose={props.onClose} title="Change the subscription" size="lg">
    <ChangeForm {...props} />
  </Dialog>
);

const ChangeForm = ({ subscription, etag, plans, currency, timeZone, onClose }: Props) => {
  const { id, current_period: period } = subscription;
  // What is there when the dialog opens: a refetch behind it must not hide a conflict.
  const [opened] = useState({ terms: termsOf(subscription), etag });
  const [draft, setDraft] = useState(() => readTerms(opened.terms));
  const [when, setWhen] = useState<WhenDraft>({ kind: 'now', at: '' });
  const written = writeTerms(draft);
  const after = 'terms' in written ? resolve(plans, written.terms) : null;
  const at = writeWhen(when);
  const difference = after && differenceOf(opened.terms, after);
  const isReady = difference !== null && Object.keys(difference).length > 0 && at !== undefined;
  const request: UpdateSubscriptionRequest = { ...difference, ...(at !== undefined && { at }) };
  const [asked] = useDebouncedValue(JSON.stringify(request), 250);
  const isSettled = asked === JSON.stringify(request);
  const dryRun = useQuery({
    ...changePreviewQuery(id, JSON.parse(asked) as UpdateSubscriptionRequest),
    enabled: isReady && isSettled,
  });
  const change = useChangeSubscription(
    id,
    () => updateSubscription(id, opened.etag, request),
    when.kind === 'now' ? 'The subscription is changed.' : 'The change is arranged.',
    onClose,
  );
  const faults = {
    ...('faults' in written ? written.faults : {}),
    ...(dryRun.error instanceof ApiError && isReady ? dryRun.error.fieldErrors : {}),
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && dryRun.data && !change.isPending) change.mutate();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TermsFields
          plans={plans}
          draft={draft}
          change={(part) => setDraft((previous) => ({ ...previous, ...part }))}
          faults={faults}
          held={opened.terms.plan}
        />
        <WhenSelect
          label="When it takes effect"
          value={when}
          onChange={setWhen}
          periodEnd={period?.end ?? null}
          isTrial={subscription.state === 'trialing'}
          timeZone={timeZone}
        />
        {after && isReady && <BeforeAfter rows={rowsOf(plans, opened.terms, after, currency)} />}
        {isReady && when.kind === 'now' && period && <Left of={period} />}
        <Effects
          dryRun={dryRun}
          isAsked={isReady}
          isTyping={!isSettled}
          hint="Change something, and see here what follows."
        />
        {change.error && <UpdateError error={change.error} {...conflictOf(id)} onReload={onClose} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={!isReady || !isSettled || !dryRun.data}>
            {when.kind === 'now' ? 'Change now' : 'Arrange the change'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

const Left = ({ of: { start, end } }: { of: { start: string; end: string } }) => {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const share = Math.min(1, Math.max(0, (to - Date.now()) / (to - from)));
  return (
    <Text size="sm" c="dimmed">
      {share.toLocaleString(undefined, { style: 'percent' })} of the current period is left.
    </Text>
  );
};

/** With the version that a bare key means today, so that it can be compared. */
const resolve = (plans: Plan[], terms: Terms): Terms => {
  const named = (reference: string) => {
    const version = versionOf(plans, reference)?.version;
    return reference.includes('@') || version === undefined ? reference : `${reference}@${version}`;
  };
  return {
    ...terms,
    plan: named(terms.plan),
    add_ons: terms.add_ons.map((addOn) => ({ ...addOn, plan: named(addOn.plan) })),
  };
};

const differenceOf = (before: Terms, after: Terms): UpdateSubscriptionRequest => ({
  ...(before.plan !== after.plan && { plan: after.plan }),
  ...(before.quantity !== after.quantity && { quantity: after.quantity }),
  ...(JSON.stringify(before.add_ons) !== JSON.stringify(after.add_ons) && { add_ons: after.add_ons }),
});

const rowsOf = (plans: Plan[], before: Terms, after: Terms, currency: string | undefined) => {
  const row = (name: string, words: (terms: Terms) => string): [string, string, string] => [
    name,
    words(before),
    words(after),
  ];
  return [
    row('Plan', ({ plan }) => plan),
    row('Quantity', ({ quantity }) => quantity.toLocaleString()),
    row('Add-ons', ({ add_ons: addOns }) => addOns.map(addOnWords).join('\n') || 'none'),
    row('Price', (terms) => priceLines(plans, terms, currency).join('\n') || 'nothing'),
  ];
};
