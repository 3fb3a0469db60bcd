import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { emptyTier, type TierDraft } from './price-draft';
import classes from './tier-table.module.css';

type Props = {
  tiers: TierDraft[];
  label: string;
  isPercentage: boolean;
  onChange: (tiers: TierDraft[]) => void;
  faultOf: (field: string) => string | undefined;
};

/** Each tier begins where the one before it ends; the last has no end. */
export const TierTable = ({ tiers, label, isPercentage, onChange, faultOf }: Props) => {
  const change = (id: string, part: Partial<TierDraft>) =>
    onChange(tiers.map((tier) => (tier.id === id ? { ...tier, ...part } : tier)));
  const add = () => onChange(tiers.length === 0 ? [emptyTier(), emptyTier()] : [...tiers, emptyTier()]);
  const fewest = isPercentage ? 0 : 1;
  const cell = (tier: TierDraft, index: number, from: 'upTo' | 'each' | 'flat', fault: string, words: string) => (
    <td>
      <TextInput
        aria-label={`${words}, tier ${index + 1}`}
        inputMode="decimal"
        autoComplete="off"
        placeholder={from === 'flat' ? 'none' : undefined}
        value={tier[from]}
        onChange={(event) => change(tier.id, { [from]: event.currentTarget.value })}
        error={faultOf(`tiers.${index}.${fault}`)}
      />
    </td>
  );
  return (
    <div className={classes.tiers}>
      {tiers.length > 0 && (
        <table className={classes.table} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">Above</th>
              <th scope="col">Up to</th>
              <th scope="col">{isPercentage ? 'Percent' : 'Each unit'}</th>
              <th scope="col">Flat, once</th>
              <th scope="col">
                <span className={classes.hidden}>Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier, index) => (
              <tr key={tier.id}>
                <td className={classes.from}>{index === 0 ? '0' : tiers[index - 1]?.upTo || '…'}</td>
                {index === tiers.length - 1 ? (
                  <td className={classes.from}>no end</td>
                ) : (
                  cell(tier, index, 'upTo', 'up_to', 'Up to')
                )}
                {cell(tier, index, 'each', 'unit_amount', isPercentage ? 'Percent' : 'Each unit')}
                {cell(tier, index, 'flat', 'flat_amount', 'Flat')}
                <td>
                  <ActionIcon
                    size={36}
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove tier ${index + 1}`}
                    disabled={tiers.length <= fewest}
                    onClick={() => onChange(tiers.filter(({ id }) => id !== tier.id))}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {faultOf('tiers') && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert">
          {faultOf('tiers')}
        </Text>
      )}
      <Button variant="subtle" size="compact-xs" leftSection={<IconPlus size={12} aria-hidden />} onClick={add}>
        {tiers.length === 0 ? 'Rate it in tiers' : 'Add a tier'}
      </Button>
    </div>
  );
};
