import { Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { Dialog } from './dialog';
import { DialogActions } from './dialog-actions';
import { ErrorAlert } from './error-alert';

type Props = {
  title: string;
  size?: 'md' | 'lg';
  onClose: () => void;
  onSubmit: () => void;
  creation: { isPending: boolean; error: Error | null };
  /** What stands on the button. */
  confirmLabel: string;
  children: ReactNode;
};

/** A form that makes something, in a dialog: see useCreation. */
export const CreationDialog = ({ title, size = 'md', onClose, onSubmit, creation, confirmLabel, children }: Props) => {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog opened onClose={onClose} title={title} size={size}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {children}
          {creation.error && <ErrorAlert error={creation.error} />}
          <DialogActions onCancel={onClose} isPending={creation.isPending}>
            {confirmLabel}
          </DialogActions>
        </Stack>
      </form>
    </Dialog>
  );
};
