import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { BrandMark } from './brand-mark';
import classes from './door.module.css';
import { usePageHeading } from './page-heading';

type Props = { title: string; description?: ReactNode; children: ReactNode };

/** The frame of the pages before the sign-in. */
export const Door = ({ title, description, children }: Props) => {
  const heading = usePageHeading(title);
  return (
    <main className={classes.main}>
      <div className={classes.column}>
        <span className={classes.brand}>
          <BrandMark size={36} />
          Bastionary
        </span>
        <Paper className={classes.card}>
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {description && (
            <Text c="dimmed" size="sm" mt={4} component="div">
              {description}
            </Text>
          )}
          <div className={classes.content}>{children}</div>
        </Paper>
      </div>
    </main>
  );
};
