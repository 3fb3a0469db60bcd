import { Text } from '@mantine/core';
import classes from './difference-list.module.css';
import type { Difference } from './version-diff';

type Props = { differences: readonly Difference[]; emptyText: string };

/** What differs, one thing a line: old and new, told apart by word and sign and not by colour alone. */
export const DifferenceList = ({ differences, emptyText }: Props) => {
  if (differences.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {emptyText}
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {differences.map(({ what, from, to }) => (
        <li key={`${what} ${from} ${to}`} className={classes.line}>
          <code className={classes.what}>{what}</code>
          <span className={classes.values}>
            {from !== undefined && <del className={classes.from}>{from}</del>}
            {from !== undefined && to !== undefined && ' → '}
            {to !== undefined && <ins className={classes.to}>{to}</ins>}
            {from === undefined && ' added'}
            {to === undefined && ' removed'}
          </span>
        </li>
      ))}
    </ul>
  );
};
