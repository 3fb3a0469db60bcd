import type { Customer } from '@bastionary/contracts/customers';
import type { Plan, Subscription } from '@bastionary/contracts/plans';
import { Stack, Text } from '@mantine/core';
import { Facts } from '../../ui/facts';
import { ObjectLink, PlanLink } from '../../ui/object-link';
import { Panel } from '../../ui/panel';
import classes from './subscription-facts.module.css';
import { nameOf, priceLines, termsOf } from './terms';
import { ZonedTime } from './zoned-time';

type Props = { subscription: Subscription; plans: Plan[]; customer: Customer | undefined };

/** What it is on, for whom, and what that costs. */
export const SubscriptionFacts = ({ subscription, plans, customer }: Props) => {
  const { customer_id: customerId, items, start, trial_end: trialEnd, cancel_at: cancelAt } = subscription;
  const timeZone = customer?.time_zone ?? 'UTC';
  const prices = priceLines(plans, termsOf(subscription), customer?.currency);
  const time = (value: string) => <ZonedTime key={value} value={value} timeZone={timeZone} />;
  return (
    <>
      <Panel title="Items">
        <ul className={classes.items}>
          {items.map(({ plan, kind, quantity, since }) => (
            <li key={plan} className={classes.item}>
              <div className={classes.words}>
                <Text size="sm" fw={600}>
                  <PlanLink id={plan}>{nameOf(plans, plan)}</PlanLink>
                </Text>
                <Text size="xs" c="dimmed">
                  <code>{plan}</code> · {kind === 'add_on' ? 'add-on' : 'plan'} · since {time(since)}
                </Text>
              </div>
              <span className={classes.quantity}>× {quantity.toLocaleString()}</span>
            </li>
          ))}
        </ul>
      </Panel>
      <Panel title="Facts">
        <Facts
          facts={[
            [
              'Customer',
              <ObjectLink key="customer" id={customerId}>
                {customer?.name ?? customerId}
              </ObjectLink>,
            ],
            ...(plans.length === 0 ? [] : [['Price', <Lines key="price" of={prices} />] as [string, React.ReactNode]]),
            ['Start', time(start)],
            ['Trial', trialEnd === null ? 'none' : <span key="trial">until {time(trialEnd)}</span>],
            ['Ends', cancelAt === null ? 'not planned' : time(cancelAt)],
            ['Created', time(subscription.created_at)],
          ]}
        />
      </Panel>
    </>
  );
};

const Lines = ({ of }: { of: string[] }) =>
  of.length === 0 ? (
    'nothing'
  ) : (
    <Stack gap={2}>
      {of.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </Stack>
  );
