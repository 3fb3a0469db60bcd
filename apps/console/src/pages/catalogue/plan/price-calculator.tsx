import type { PlanVersionContent } from '@bastionary/contracts/plans';
import { NativeSelect, Skeleton, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { Panel } from '../../../ui/panel';
import { calculateLine, calculatorInputs, countedBy, curve, reachOf, readQuantities } from './calculate';
import { CalculatedLines } from './calculated-lines';
import classes from './price-calculator.module.css';
import { QuantityField } from './quantity-field';

const PriceChart = lazy(() => import('./price-chart').then((module) => ({ default: module.PriceChart })));

type Props = { content: PlanVersionContent | null };

/** What the prices on the screen come to for so many units, by the rules that write the invoices. */
export const PriceCalculator = ({ content }: Props) => {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [chosen, setChosen] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<string | null>(null);
  if (content?.prices.length === 0) return null;
  const currencies = [...new Set(content?.prices.map(({ currency }) => currency))];
  const currency = currencies.find((one) => one === chosen) ?? currencies[0] ?? 'EUR';
  const prices = content?.prices.filter((price) => price.currency === currency) ?? [];
  const inputs = calculatorInputs(prices);
  const { quantities, faults } = readQuantities(inputs, typed, currency);
  const lines = prices.map((price) => calculateLine(price, quantities));
  const curved = prices.filter((price) => countedBy(price) !== undefined);
  const one = curved.find(({ key }) => key === drawn) ?? curved[0];
  return (
    <Panel
      title="What it would cost"
      aside={
        currencies.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Currency of the calculation"
            data={currencies}
            value={currency}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      {content === null ? (
        <Text size="sm" c="dimmed">
          Once every price is complete, what it comes to is shown here.
        </Text>
      ) : (
        <div className={classes.parts}>
          <div className={classes.inputs}>
            {inputs.map((input) => (
              <QuantityField
                key={input.name}
                input={input}
                value={typed[input.name] ?? input.initial}
                onChange={(value) => setTyped({ ...typed, [input.name]: value })}
                fault={faults[input.name]}
              />
            ))}
            <CalculatedLines lines={lines} currency={currency} />
          </div>
          {one && (
            <div>
              {curved.length > 1 && (
                <NativeSelect
                  size="xs"
                  label="Curve of"
                  data={curved.map(({ key }) => key)}
                  value={one.key}
                  onChange={(event) => setDrawn(event.currentTarget.value)}
                />
              )}
              <div className={classes.chart}>
                <Suspense fallback={<Skeleton height={240} />}>
                  <PriceChart points={curve(one, reachOf(one, quantities), quantities)} currency={currency} />
                </Suspense>
              </div>
            </div>
          )}
        </div>
      )}
    </Panel>
  );
};
