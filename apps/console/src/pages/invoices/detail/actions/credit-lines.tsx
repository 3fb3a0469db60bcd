import type { Invoice } from '@bastionary/contracts/invoices';
import { Input, Stack } from '@mantine/core';
import { AmountField } from '../../../../ui/amount-field';
import { formatMinor } from '../../../../ui/money';

type Props = {
  invoice: Invoice;
  typed: Record<string, string>;
  faults: Record<string, string>;
  onChange: (line: string, typed: string) => void;
};

/** How much of each line is taken back; those that credit something themselves cannot be. */
export const CreditLines = ({ invoice: { lines, currency }, typed, faults, onChange }: Props) => (
  <Input.Wrapper label="Lines" error={faults.lines} labelElement="div">
    <Stack gap="xs">
      {lines.flatMap(({ id, description, amount, discount }) => {
        const net = BigInt(amount) - BigInt(discount);
        if (id === null || net <= 0n) return [];
        return (
          <AmountField
            key={id}
            label={description}
            description={`of ${formatMinor(net, currency)}`}
            currency={currency}
            value={typed[id] ?? ''}
            onChange={(next) => onChange(id, next)}
            error={faults[id]}
          />
        );
      })}
    </Stack>
  </Input.Wrapper>
);
