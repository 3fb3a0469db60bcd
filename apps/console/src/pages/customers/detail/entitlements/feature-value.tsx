import type { FeatureType, FeatureValue as Value } from '@bastionary/contracts/entitlements';
import { Badge } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import classes from './feature-value.module.css';

/** A value in words: on, 5,000, unlimited, eu. */
export const valueWords = (type: FeatureType, value: Value): string => {
  if (type === 'switch') return value === true ? 'on' : 'off';
  if (type === 'limit') return value === null ? 'unlimited' : Number(value).toLocaleString();
  if (value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** A value as it stands in a table. */
export const FeatureValue = ({ type, value }: { type: FeatureType; value: Value }) => {
  const words = valueWords(type, value);
  if (type === 'value' && value !== null) return <code className={classes.code}>{words}</code>;
  if (type !== 'switch') return <span className={classes.number}>{words}</span>;
  const isOn = value === true;
  const Icon = isOn ? IconCircleCheck : IconCircleX;
  return (
    <Badge color={isOn ? 'green' : 'gray'} leftSection={<Icon size={13} aria-hidden />}>
      {words}
    </Badge>
  );
};
