import { Group, Paper, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './panel.module.css';

type Props = { title: string; aside?: ReactNode; children: ReactNode; order?: 2 | 3 };

export const Panel = ({ title, aside, children, order = 2 }: Props) => {
  const id = useId();
  return (
    <Paper component="section" aria-labelledby={id} className={classes.panel}>
      <Group justify="space-between" gap="xs" wrap="nowrap" className={classes.head}>
        <Title order={order} id={id} size="h2">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Paper>
  );
};
