import type { BillingProfile, UpdateBillingProfileRequest } from '@bastionary/contracts/billing-terms';
import { Button, Group, NativeSelect, Stack, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { billingKeys, taxRatesQuery, updateBillingProfile } from '../../../../api/billing-terms';
import { ApiError } from '../../../../api/http';
import { usePermission } from '../../../../api/session';
import { NumberField } from '../../../../ui/number-field';
import { Panel } from '../../../../ui/panel';
import { toast } from '../../../../ui/toast';
import { differences, useDraft } from '../../../../ui/use-draft';
import { UpdateError } from '../../../audit/update-error';

type Props = { profile: BillingProfile; etag: string };

const draftOf = ({ tax_status, tax_rate, proration, net_days, collection, address }: BillingProfile) => ({
  tax_status,
  tax_rate: tax_rate ?? '',
  proration,
  net_days: net_days === null ? '' : String(net_days),
  collection,
  address: address.join('\n'),
});
type Draft = ReturnType<typeof draftOf>;

/** What is sent of the fields that were changed. */
const write = (changed: Partial<Draft>): UpdateBillingProfileRequest => {
  const { tax_rate, net_days, address, ...rest } = changed;
  return {
    ...rest,
    ...(tax_rate !== undefined && { tax_rate: tax_rate || null }),
    ...(net_days !== undefined && { net_days: net_days.trim() === '' ? null : Number(net_days) }),
    ...(address !== undefined && {
      address: address
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    }),
  };
};

export const ProfilePanel = ({ profile, etag }: Props) => {
  const { customer_id: id } = profile;
  const mayWrite = usePermission('billing:write');
  const queryClient = useQueryClient();
  const rates = useQuery(taxRatesQuery).data?.filter(({ retired_at }) => retired_at === null) ?? [];
  const { draft, base, etag: version, isChanged, change, reset } = useDraft(draftOf(profile), etag);
  const [wrongDays, setWrongDays] = useState<string>();
  const save = useMutation({
    mutationFn: () => updateBillingProfile(id, version, write(differences(draft, base))),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: billingKeys.all });
      reset();
      toast('The billing data is saved.');
    },
  });
  const faults = save.error instanceof ApiError ? save.error.fieldErrors : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isNumber = /^\s*\d{0,3}\s*$/.test(draft.net_days);
    setWrongDays(isNumber ? undefined : 'must be a whole number of days, or empty');
    if (isNumber && isChanged) save.mutate();
  };

  return (
    <Panel title="Billing data">
      <form onSubmit={submit} noValidate>
        <Stack>
          <NativeSelect
            label="Tax"
            data={[
              { value: 'taxable', label: 'Taxable' },
              { value: 'exempt', label: 'Exempt: no tax on its invoices' },
            ]}
            value={draft.tax_status}
            disabled={!mayWrite}
            onChange={(event) => change({ tax_status: event.currentTarget.value as Draft['tax_status'] })}
            error={faults.tax_status}
          />
          <NativeSelect
            label="Tax rate"
            data={[
              { value: '', label: 'That of its country' },
              ...rates.map(({ key, name, percent }) => ({ value: key, label: `${name} ${percent} % (${key})` })),
            ]}
            value={draft.tax_rate}
            disabled={!mayWrite}
            onChange={(event) => change({ tax_rate: event.currentTarget.value })}
            error={faults.tax_rate}
          />
          <NativeSelect
            label="A part of a period is counted"
            data={[
              { value: 'second', label: 'by the second' },
              { value: 'day', label: 'by the day' },
            ]}
            value={draft.proration}
            disabled={!mayWrite}
            onChange={(event) => change({ proration: event.currentTarget.value as Draft['proration'] })}
            error={faults.proration}
          />
          <NumberField
            label="Days to pay"
            description="As everywhere, if left empty"
            value={draft.net_days}
            disabled={!mayWrite}
            onChange={(net_days) => change({ net_days })}
            error={wrongDays ?? faults.net_days}
          />
          <NativeSelect
            label="How money is collected"
            data={[
              { value: 'automatic', label: 'From the payment method at Stripe, where there is one' },
              { value: 'manual', label: 'The customer pays by itself' },
            ]}
            value={draft.collection}
            disabled={!mayWrite}
            onChange={(event) => change({ collection: event.currentTarget.value as Draft['collection'] })}
            error={faults.collection}
          />
          <Textarea
            label="Address on invoices"
            description="One line each, after the name"
            rows={4}
            value={draft.address}
            disabled={!mayWrite}
            onChange={(event) => change({ address: event.currentTarget.value })}
            error={faults.address}
          />
          {save.error && Object.keys(faults).length === 0 && (
            <UpdateError
              error={save.error}
              target={`customer:${id}`}
              queryKey={billingKeys.profile(id)}
              onReload={() => {
                reset();
                save.reset();
              }}
            />
          )}
          {mayWrite && (
            <Group>
              <Button type="submit" disabled={!isChanged} loading={save.isPending}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
};
