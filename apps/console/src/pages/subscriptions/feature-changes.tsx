import type { Feature, FeatureValue, Preview } from '@bastionary/contracts/entitlements';
import { Text } from '@mantine/core';
import { IconArrowDown, IconArrowsExchange, IconArrowUp, IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery } from '../../api/catalogue';
import { usePermission } from '../../api/session';
import classes from './feature-changes.module.css';

type Turn = Preview['customers'][number]['gains'][string];

const LOOKS = {
  loses: IconArrowDown,
  // Neither more nor less, such as another text.
  changes: IconArrowsExchange,
  gains: IconArrowUp,
} as const;
type Direction = keyof typeof LOOKS;

/** A feature's value in words: what null means, its type says. */
const valueWords = (value: FeatureValue, type: Feature['type'] | undefined): string => {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === null) return type === 'limit' ? 'unlimited' : 'none';
  if (typeof value === 'number') return value.toLocaleString();
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What one customer gains and loses, a feature a line. */
export const FeatureChanges = ({ preview }: { preview: Preview }) => {
  const [customer] = preview.customers;
  if (customer === undefined) {
    return (
      <Text size="sm" c="dimmed" className={classes.same}>
        <IconEqual size={16} aria-hidden />
        What the customer may do stays the same.
      </Text>
    );
  }
  const { gains, loses } = customer;
  const lines = Object.entries({ ...loses, ...gains }).map(([key, turn]): [string, Turn, Direction] => [
    key,
    turn,
    key in gains && key in loses ? 'changes' : key in gains ? 'gains' : 'loses',
  ]);
  return (
    <ul className={classes.list}>
      {lines.map(([key, turn, direction]) => (
        <Line key={key} of={key} turn={turn} direction={direction} />
      ))}
    </ul>
  );
};

const Line = ({ of: key, turn: { from, to }, direction }: { of: string; turn: Turn; direction: Direction }) => {
  const mayName = usePermission('catalogue:read');
  const feature = useQuery({ ...featuresQuery, enabled: mayName }).data?.find((one) => one.key === key);
  const Icon = LOOKS[direction];
  return (
    <li className={classes.line} data-direction={direction}>
      <span className={classes.mark}>
        <Icon size={15} stroke={2.25} aria-label={direction} role="img" />
      </span>
      <span className={classes.name}>{feature?.name ?? key}</span>
      <span className={classes.values}>
        <del>{valueWords(from, feature?.type)}</del> → <ins>{valueWords(to, feature?.type)}</ins>
      </span>
    </li>
  );
};
