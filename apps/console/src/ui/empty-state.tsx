import { Stack, Text, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

type Props = { icon: TablerIcon; title: string; children: ReactNode; action?: ReactNode; example?: ReactNode };

/** What this place is for, what to press, and the same thing as a command. */
export const EmptyState = ({ icon: Icon, title, children, action, example }: Props) => (
  <Stack align="center" gap="md" className={classes.root}>
    <span className={classes.icon}>
      <Icon size={24} stroke={1.6} aria-hidden />
    </span>
    <Stack gap={4} align="center">
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" ta="center" maw="32rem">
        {children}
      </Text>
    </Stack>
    {action}
    {example && <div className={classes.example}>{example}</div>}
  </Stack>
);
