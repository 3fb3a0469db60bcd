import type { Invoice } from '@bastionary/contracts/invoices';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Amount } from '../../../ui/amount';
import { Facts } from '../../../ui/facts';
import { ObjectLink } from '../../../ui/object-link';
import { Panel } from '../../../ui/panel';
import { Time } from '../../../ui/time';
import { Period } from '../period';
import classes from './invoice-detail.module.css';

const time = (value: string) => (
  <span key={value}>
    <Time value={value} as="date" /> (<Time value={value} />)
  </span>
);

/** What is due and until when, for whom and for what time. */
export const InvoiceFacts = ({ invoice }: { invoice: Invoice }) => {
  const { status, currency, amount_due, total, due_at, overdue, finalize_at, dunning } = invoice;
  const facts: [string, ReactNode][] = [
    [
      'Customer',
      <ObjectLink key="customer" id={invoice.customer_id}>
        {invoice.customer_name}
      </ObjectLink>,
    ],
    ['Period', <Period key="period" {...invoice.period} />],
  ];
  if (invoice.subscription_id !== null) {
    facts.push([
      'Subscription',
      <ObjectLink key="subscription" id={invoice.subscription_id}>
        See the subscription
      </ObjectLink>,
    ]);
  }
  if (status === 'draft')
    facts.push(['Goes out', finalize_at === null ? 'when somebody finalizes it' : time(finalize_at)]);
  if (invoice.finalized_at !== null) facts.push(['Finalized', time(invoice.finalized_at)]);
  if (due_at !== null && status === 'open') facts.push(['Due', time(due_at)]);
  if (invoice.paid_at !== null) facts.push(['Paid', time(invoice.paid_at)]);
  if (invoice.voided_at !== null) facts.push(['Voided', time(invoice.voided_at)]);
  if (invoice.uncollectible_at !== null) facts.push(['Given up', time(invoice.uncollectible_at)]);
  if (dunning.step > 0) {
    facts.push([
      'Dunning',
      <span key="dunning">
        step {dunning.step}
        {dunning.next_at !== null && (
          <>
            , the next <Time value={dunning.next_at} />
          </>
        )}
      </span>,
    ]);
  }
  return (
    <Panel title={status === 'draft' ? 'So far' : 'Amount due'}>
      <div className={classes.due}>
        <Amount minor={status === 'draft' ? total : amount_due} currency={currency} />
      </div>
      {overdue && (
        <Text size="sm" c="var(--mantine-color-error)" mb="xs">
          This should have been paid by now.
        </Text>
      )}
      <Facts facts={facts} />
    </Panel>
  );
};
