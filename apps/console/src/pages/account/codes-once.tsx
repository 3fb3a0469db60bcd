import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { CopyButton } from '../../ui/copy-button';
import { Dialog } from '../../ui/dialog';
import classes from './codes-once.module.css';

type Props = { codes: string[] | null; onClose: () => void };

/** Recovery codes, the only time that they can be seen: the dialog is left by its button alone. */
export const CodesOnce = ({ codes, onClose }: Props) => (
  <Dialog opened={codes !== null} title="Your recovery codes">
    <Stack>
      <Alert color="orange" icon={<IconEye aria-hidden />} title="They are shown only now">
        Each signs you in once if you lose your second factor. Keep them where you keep passwords, not on the same
        device.
      </Alert>
      <ol className={classes.codes} data-testid="recovery-codes">
        {codes?.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Group justify="space-between">
        <CopyButton value={codes?.join('\n') ?? ''} label="Copy all" />
        <Button onClick={onClose}>I have stored them</Button>
      </Group>
    </Stack>
  </Dialog>
);
