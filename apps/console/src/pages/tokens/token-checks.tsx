import type { TokenCheck } from '@bastionary/contracts/tokens';
import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import classes from './token-checks.module.css';

const spelledOut = (check: string) => check.replaceAll('_', ' ');

export const TokenChecks = ({ checks }: { checks: TokenCheck[] }) => (
  <ol className={classes.list}>
    {checks.map(({ check, ok, detail }) => (
      <li key={check} className={classes.check}>
        <span className={ok ? classes.good : classes.bad} aria-hidden>
          {ok ? <IconCheck size={16} stroke={2.5} /> : <IconX size={16} stroke={2.5} />}
        </span>
        <div>
          <Text fw={600} size="sm" className={classes.name}>
            {spelledOut(check)}
            <VisuallyHidden>{ok ? ': passed' : ': failed'}</VisuallyHidden>
          </Text>
          <Text size="sm" c="dimmed" className={classes.detail}>
            {detail}
          </Text>
        </div>
      </li>
    ))}
  </ol>
);
