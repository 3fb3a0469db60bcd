import type { BillingProfile, CustomerCoupon } from '@bastionary/contracts/billing-terms';
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { billingKeys, couponsQuery, giveCoupon, takeCoupon } from '../../../../api/billing-terms';
import { idempotencyKey } from '../../../../api/idempotency-key';
import { usePermission } from '../../../../api/session';
import { ErrorAlert } from '../../../../ui/error-alert';
import { ObjectLink } from '../../../../ui/object-link';
import { Panel } from '../../../../ui/panel';
import classes from '../../../../ui/row-list.module.css';
import { toast } from '../../../../ui/toast';
import { couponWords } from '../../../billing-terms/coupon-words';

/** What is taken off the invoices of a customer, in order. */
export const CouponsPanel = ({ profile: { customer_id: id, coupons } }: { profile: BillingProfile }) => {
  const mayWrite = usePermission('billing:write');
  const queryClient = useQueryClient();
  const given = coupons.map(({ coupon }) => coupon.key);
  const offered = useQuery(couponsQuery).data?.filter(
    ({ key, retired_at }) => retired_at === null && !given.includes(key),
  );
  const [chosen, setChosen] = useState('');
  const [intent, setIntent] = useState(idempotencyKey);
  const refresh = async (done: string) => {
    await queryClient.invalidateQueries({ queryKey: billingKeys.all });
    toast(done);
  };
  const give = useMutation({
    mutationFn: () => giveCoupon(id, { coupon: chosen }, intent),
    onSuccess: () => refresh('The coupon is given.'),
    onSettled: () => {
      setIntent(idempotencyKey());
      setChosen('');
    },
  });
  const take = useMutation({
    mutationFn: (coupon: CustomerCoupon) => takeCoupon(id, coupon.id),
    onSuccess: () => refresh('The coupon is taken away.'),
  });
  const failure = give.error ?? take.error;
  return (
    <Panel title="Coupons">
      <Stack>
        {coupons.length === 0 && (
          <Text size="sm" c="dimmed">
            None is given.
          </Text>
        )}
        <ul className={classes.rows} aria-label="Coupons of the customer">
          {coupons.map((one) => (
            <li key={one.id} className={classes.row}>
              <div>
                <Text size="sm" fw={600}>
                  {one.coupon.name}
                </Text>
                <Text size="xs" c="dimmed" component="div">
                  {couponWords(one.coupon)}
                  {one.subscription_id !== null && (
                    <>
                      , of <ObjectLink id={one.subscription_id}>one subscription</ObjectLink>
                    </>
                  )}
                  {one.discounted.length > 0 &&
                    `; used on ${one.discounted.length} ${one.discounted.length === 1 ? 'invoice' : 'invoices'}`}
                </Text>
              </div>
              {mayWrite && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Take away ${one.coupon.name}`}
                  loading={take.isPending && take.variables.id === one.id}
                  onClick={() => take.mutate(one)}
                >
                  Take away
                </Button>
              )}
            </li>
          ))}
        </ul>
        {failure && <ErrorAlert error={failure} />}
        {mayWrite && offered && offered.length > 0 && (
          <Group align="flex-end" gap="xs">
            <NativeSelect
              label="Give a coupon"
              data={[
                { value: '', label: 'Choose one' },
                ...offered.map(({ key, name }) => ({ value: key, label: name })),
              ]}
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
            />
            <Button variant="default" disabled={chosen === ''} loading={give.isPending} onClick={() => give.mutate()}>
              Give it
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
};
