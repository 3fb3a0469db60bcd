import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './save-bar.module.css';

type Props = {
  isPending: boolean;
  onUndo: () => void;
  /** Default: Save the changes. */
  label?: string;
  isDisabled?: boolean;
  /** What will follow, or why it was refused. */
  children?: ReactNode;
};

/** At the end of a form as soon as something in it was changed. */
export const SaveBar = ({ isPending, onUndo, label = 'Save the changes', isDisabled = false, children }: Props) => (
  <Stack component="section" aria-label="Changes" gap="sm" className={classes.bar} data-save-bar>
    {children}
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onUndo} disabled={isPending}>
        Undo
      </Button>
      <Button type="submit" loading={isPending} disabled={isDisabled}>
        {label}
      </Button>
    </Group>
  </Stack>
);
