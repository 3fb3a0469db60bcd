import type { Invoice, InvoiceLine } from '@bastionary/contracts/invoices';
import { Badge, Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { Amount } from '../../../ui/amount';
import { formatDecimal, formatMinor } from '../../../ui/money';
import { PlanLink } from '../../../ui/object-link';
import { Period } from '../period';
import classes from './lines.module.css';
import { Why } from './why/why';

type Props = Pick<Invoice, 'lines' | 'currency'>;

export const Lines = ({ lines, currency }: Props) => (
  <ul className={classes.lines}>
    {lines.map((line, index) => (
      <Line key={line.id ?? index} line={line} currency={currency} />
    ))}
  </ul>
);

const Line = ({ line, currency }: { line: InvoiceLine; currency: string }) => {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { description, kind, plan, price, quantity, service, amount, discount, tax_rate, tax_name } = line;
  return (
    <li className={classes.line}>
      <div className={classes.row}>
        <div>
          <Text size="sm" fw={600} component="div">
            {description}{' '}
            {kind !== 'charge' && (
              <Badge color="gray" size="sm">
                {kind}
              </Badge>
            )}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            {formatDecimal(quantity)} ×
            {plan && (
              <>
                {' '}
                <PlanLink id={plan}>
                  <code>{plan}</code>
                </PlanLink>
              </>
            )}
            {price && ` ${price}`}
            {service && (
              <>
                {' '}
                · <Period {...service} />
              </>
            )}
            {tax_rate !== null && ` · ${tax_name ?? 'tax'} ${formatDecimal(tax_rate)} %`}
          </Text>
        </div>
        <div className={classes.amounts}>
          <Text size="sm" fw={600} component="div">
            <Amount minor={amount} currency={currency} />
          </Text>
          {discount !== '0' && (
            <Text size="xs" c="dimmed" component="div">
              discount {formatMinor(discount.startsWith('-') ? discount : `-${discount}`, currency)}
            </Text>
          )}
        </div>
      </div>
      <Button
        size="compact-sm"
        variant="subtle"
        mt={4}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`Why this amount: ${description}`}
        rightSection={isOpen ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
        onClick={() => setOpen(!isOpen)}
      >
        Why this amount
      </Button>
      <div id={id}>
        {isOpen && (
          <div className={classes.why}>
            <Why line={line} currency={currency} />
          </div>
        )}
      </div>
    </li>
  );
};
