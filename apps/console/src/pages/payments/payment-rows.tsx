import type { Payment } from '@bastionary/contracts/invoices';
import { Button, Text } from '@mantine/core';
import { Amount } from '../../ui/amount';
import { formatMinor } from '../../ui/money';
import classes from '../../ui/row-list.module.css';
import { Time } from '../../ui/time';

type Props = { payments: Payment[]; onRefund?: (payment: Payment) => void };

export const PROVIDERS: Record<Payment['provider'], string> = { manual: 'recorded by hand', stripe: 'Stripe' };

/** Payments of one invoice. */
export const PaymentRows = ({ payments, onRefund }: Props) => (
  <ul className={classes.rows}>
    {payments.map((payment) => {
      const { id, reference, provider, received_at, amount, refunded, currency } = payment;
      return (
        <li key={id} className={classes.row}>
          <div>
            <Text size="sm" fw={600}>
              {reference}
            </Text>
            <Text size="xs" c="dimmed" component="div">
              {PROVIDERS[provider]} · <Time value={received_at} as="date" />
            </Text>
          </div>
          <div className={classes.amounts}>
            <Text size="sm" fw={600} component="div">
              <Amount minor={amount} currency={currency} />
            </Text>
            {refunded !== '0' && (
              <Text size="xs" c="dimmed">
                {formatMinor(refunded, currency)} paid back
              </Text>
            )}
            {onRefund && BigInt(refunded) < BigInt(amount) && (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Refund ${reference}`}
                onClick={() => onRefund(payment)}
              >
                Refund
              </Button>
            )}
          </div>
        </li>
      );
    })}
  </ul>
);
