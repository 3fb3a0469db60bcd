import type { InvoiceLine } from '@bastionary/contracts/invoices';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Amount } from '../../../../ui/amount';
import { RouterAnchor } from '../../../../ui/links';
import { formatDecimal, formatExact, formatMinor } from '../../../../ui/money';
import { Period } from '../../period';
import { shareWords, stepRow } from './step-words';
import classes from './why.module.css';

type StepProps = { what: string; children?: ReactNode; amount?: ReactNode; isResult?: boolean };

const Step = ({ what, children, amount, isResult = false }: StepProps) => (
  <li className={isResult ? `${classes.step} ${classes.result}` : classes.step}>
    <span className={classes.what}>{what}</span>
    <span className={classes.how}>{children}</span>
    <span className={classes.amount}>{amount}</span>
  </li>
);

/** The way from events to the amount of a line, as it was stored with it: nothing is computed again here. */
export const Why = ({ line, currency }: { line: InvoiceLine; currency: string }) => {
  const { usage, steps, share, corrects, exact, rounded, text } = line.explanation;
  const isRounded = !/^-?\d+(\.0+)?$/.test(exact);
  return (
    <>
      <Text size="sm" mb="xs">
        {text}
      </Text>
      <ol className={classes.way} aria-label={`How the amount of ${line.description} came about`}>
        {usage && (
          <Step what="Usage">
            {formatDecimal(usage.events)} {usage.events === '1' ? 'event' : 'events'} of{' '}
            <RouterAnchor
              to="/usage"
              search={{ meter: usage.meter, from: usage.from, to: usage.to }}
              inherit
              underline="always"
            >
              {usage.meter}
            </RouterAnchor>{' '}
            came to {formatDecimal(usage.quantity)}. What came after it was counted is an adjustment of the next
            invoice.
          </Step>
        )}
        {steps.map((step, index) => {
          const { what, how, amount } = stepRow(step, currency);
          return (
            <Step key={index} what={what} amount={amount}>
              {how}
            </Step>
          );
        })}
        {share && <Step what="Share of the period">{shareWords(share)} were served</Step>}
        {corrects && (
          <Step what="Billed before" amount={formatMinor(corrects.amount, currency)}>
            for <Period {...corrects.period} />
            {corrects.invoice && ` on invoice ${corrects.invoice}`}; this line is the difference
          </Step>
        )}
        {isRounded && (
          <Step what="Exactly" amount={formatExact(exact, currency)}>
            rounded once, half away from zero
          </Step>
        )}
        <Step what="Amount" isResult amount={<Amount minor={rounded} currency={currency} />} />
      </ol>
    </>
  );
};
