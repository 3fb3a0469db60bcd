import type { CustomerOverview } from '@bastionary/contracts/customer-overview';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePermission } from '../../../../api/session';
import { RouterAnchor, RouterButton } from '../../../../ui/links';
import { Panel } from '../../../../ui/panel';
import { StatusBadge } from '../../../../ui/status-badge';
import { Time } from '../../../../ui/time';
import classes from './items.module.css';

type Subscription = CustomerOverview['subscriptions']['data'][number];
type Props = { customerId: string; subscriptions: CustomerOverview['subscriptions'] };

/** What comes next in the life of a subscription, or how it came to be as it is. */
const standing = ({ state, start, trial_end, cancel_at, canceled_at }: Subscription): ReactNode => {
  const end = canceled_at ?? cancel_at;
  if (state === 'canceled')
    return end ? (
      <>
        ended <Time value={end} />
      </>
    ) : (
      'ended'
    );
  if (cancel_at)
    return (
      <>
        ends <Time value={cancel_at} />
      </>
    );
  if (state === 'scheduled')
    return (
      <>
        starts <Time value={start} />
      </>
    );
  if (state === 'trialing' && trial_end)
    return (
      <>
        on trial; it ends <Time value={trial_end} />
      </>
    );
  return (
    <>
      since <Time value={start} as="date" />
    </>
  );
};

/** What the customer is subscribed to. */
export const SubscriptionsPanel = ({ customerId, subscriptions: { total, data } }: Props) => {
  const mayCreate = usePermission('subscriptions:write');
  const maySee = usePermission('subscriptions:read');
  return (
    <Panel
      title={total > data.length ? `Subscriptions, the newest ${data.length} of ${total}` : 'Subscriptions'}
      aside={
        mayCreate && (
          <RouterButton
            to="/subscriptions/actions/create"
            search={{ customer: customerId }}
            size="compact-sm"
            variant="default"
          >
            Subscribe
          </RouterButton>
        )
      }
    >
      {data.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet. A subscription to a plan gives the customer what the plan promises.
        </Text>
      )}
      <ul className={classes.items}>
        {data.map((subscription) => {
          const plans = subscription.plans.join(' + ') || subscription.id;
          return (
            <li key={subscription.id} className={classes.item}>
              <div className={classes.words}>
                {maySee ? (
                  <RouterAnchor
                    to="/subscriptions/$subscriptionId"
                    params={{ subscriptionId: subscription.id }}
                    fw={600}
                    size="sm"
                  >
                    {plans}
                  </RouterAnchor>
                ) : (
                  <Text size="sm" fw={600}>
                    {plans}
                  </Text>
                )}
                <Text size="sm" c="dimmed">
                  {standing(subscription)}
                </Text>
              </div>
              <StatusBadge status={subscription.state} />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
};
