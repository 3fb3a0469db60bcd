import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-header.module.css';
import { usePageHeading } from './page-heading';

type Props = { title: string; description?: ReactNode; above?: ReactNode; actions?: ReactNode; titleAside?: ReactNode };

export const PageHeader = ({ title, description, above, actions, titleAside }: Props) => {
  const heading = usePageHeading(title);
  return (
    <header className={classes.header}>
      {above}
      <div className={classes.row}>
        <Stack gap={4} className={classes.words}>
          <Group gap="sm" align="center">
            <Title order={1} ref={heading} tabIndex={-1}>
              {title}
            </Title>
            {titleAside}
          </Group>
          {description && (
            <Text c="dimmed" size="sm" component="div" maw="44rem">
              {description}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </div>
    </header>
  );
};
