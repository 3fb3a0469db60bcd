import type { Feature, FeatureValue, Preview } from '@bastionary/contracts/entitlements';
import { Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconEqual } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { featuresQuery } from '../../api/plans';
import { usePermission } from '../../api/session';
import classes from './feature-changes.module.css';

type Turns = Preview['customers'][number]['gains'];

/** A feature's value in words: what null means, its type says. */
export const valueWords = (value: FeatureValue, type: Feature['type'] | undefined): string => {
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
  return (
    <ul className={classes.list}>
      <Lines of={customer.loses} isGain={false} />
      <Lines of={customer.gains} isGain />
    </ul>
  );
};

const Lines = ({ of, isGain }: { of: Turns; isGain: boolean }) => {
  const mayName = usePermission('catalogue:read');
  const features = useQuery({ ...featuresQuery, enabled: mayName }).data ?? [];
  const Icon = isGain ? IconArrowUp : IconArrowDown;
  return Object.entries(of).map(([key, { from, to }]) => {
    const feature = features.find((one) => one.key === key);
    return (
      <li key={key} className={classes.line} data-gain={isGain}>
        <span className={classes.mark}>
          <Icon size={15} stroke={2.25} aria-label={isGain ? 'gains' : 'loses'} role="img" />
        </span>
        <span className={classes.name}>{feature?.name ?? key}</span>
        <span className={classes.values}>
          <del>{valueWords(from, feature?.type)}</del> → <ins>{valueWords(to, feature?.type)}</ins>
        </span>
      </li>
    );
  });
};
