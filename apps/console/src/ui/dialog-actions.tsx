import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { onCancel: () => void; isPending: boolean; children: ReactNode };

/** The end of a form in a dialog: leave it, or send it. What stands on the second button are the children. */
export const DialogActions = ({ onCancel, isPending, children }: Props) => (
  <Group justify="flex-end" gap="xs">
    <Button variant="default" onClick={onCancel}>
      Cancel
    </Button>
    <Button type="submit" loading={isPending}>
      {children}
    </Button>
  </Group>
);
