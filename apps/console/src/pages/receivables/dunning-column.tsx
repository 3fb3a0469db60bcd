import { type DunningBoard, receivableRows } from '@bastionary/contracts/finance';
import { Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { financeRowsQuery } from '../../api/finance';
import { Amount } from '../../ui/amount';
import { RouterAnchor } from '../../ui/links';
import { Time } from '../../ui/time';
import classes from './dunning.module.css';

type Props = { column: DunningBoard['data'][number]; currency: string };

// The board is for who comes next; all of them stand in the list.
const SHOWN = 5;

export const DunningColumn = ({ column: { step, invoices, amount }, currency }: Props) => {
  const id = useId();
  const filter = { currency, overdue: 'true', dunning_step: String(step) };
  const { data } = useQuery({
    ...financeRowsQuery(receivableRows, 'receivables/invoices', { ...filter, limit: SHOWN }),
    enabled: invoices > 0,
  });
  return (
    <li className={classes.column} aria-labelledby={id}>
      <Title order={3} id={id} size="h3">
        {step === 0 ? 'Nothing done yet' : `After step ${step}`}
      </Title>
      <RouterAnchor to="/finance/rows/$list" params={{ list: 'receivables' }} search={filter} size="sm">
        <Amount minor={amount} currency={currency} /> ({invoices.toLocaleString()})
      </RouterAnchor>
      {invoices > 0 && !data && <Skeleton height={60} mt="sm" />}
      <ul className={classes.cards}>
        {data?.data.map((card) => (
          <li key={card.invoice_id} className={classes.card}>
            <RouterAnchor to="/invoices/$invoiceId" params={{ invoiceId: card.invoice_id }} size="sm" fw={600}>
              {card.customer_name}
            </RouterAnchor>
            <Text size="sm" component="div">
              <Amount minor={card.amount} currency={currency} />
            </Text>
            <Text size="xs" c="dimmed" component="div">
              {card.days_overdue === 1 ? '1 day late' : `${card.days_overdue.toLocaleString()} days late`}
              {card.next_dunning_at !== null && (
                <>
                  {' '}
                  · next <Time value={card.next_dunning_at} />
                </>
              )}
            </Text>
          </li>
        ))}
      </ul>
    </li>
  );
};
