import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from './dialog';
import { ErrorAlert } from './error-alert';

type Props = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will follow. */
  children: ReactNode;
  confirmLabel: string;
  onConfirm: () => void;
  isPending: boolean;
  error: Error | null;
  isDangerous?: boolean;
  /** While something is still to be decided or counted. */
  isDisabled?: boolean;
  /** Has to be typed before the button works. */
  typeToConfirm?: string;
};

/** Asks before something that cannot be taken back, and names what will follow. */
export const ConfirmDialog = ({ opened, onClose, title, ...rest }: Props) => (
  <Dialog opened={opened} onClose={onClose} title={title}>
    <Question onClose={onClose} {...rest} />
  </Dialog>
);

type QuestionProps = Omit<Props, 'opened' | 'title'>;

const Question = ({
  onClose,
  children,
  confirmLabel,
  onConfirm,
  isPending,
  error,
  isDangerous,
  isDisabled = false,
  typeToConfirm,
}: QuestionProps) => {
  const [typed, setTyped] = useState('');
  const isReady = !isDisabled && (typeToConfirm === undefined || typed.trim() === typeToConfirm);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isPending) onConfirm();
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        {children}
        {typeToConfirm !== undefined && (
          <TextInput
            label={`Type ${typeToConfirm} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {error && <ErrorAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus={typeToConfirm === undefined || undefined}>
            Cancel
          </Button>
          <Button type="submit" {...(isDangerous && { color: 'red' })} disabled={!isReady} loading={isPending}>
            {confirmLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};
