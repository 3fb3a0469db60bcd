import { ActionIcon, Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useCopy } from './clipboard';

type Props = { value: string; label: string; onCopied?: () => void };

const Announcement = ({ copied }: { copied: boolean }) => (
  <VisuallyHidden role="status">{copied ? 'Copied' : ''}</VisuallyHidden>
);

export const CopyIcon = ({ value, label, onCopied }: Props) => {
  const { copied, copy } = useCopy();
  return (
    <>
      <Tooltip label={copied ? 'Copied' : label}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={26}
          aria-label={label}
          onClick={() => copy(value).then(onCopied)}
        >
          {copied ? <IconCheck size={15} color="var(--mantine-color-success)" /> : <IconCopy size={15} />}
        </ActionIcon>
      </Tooltip>
      <Announcement copied={copied} />
    </>
  );
};

export const CopyButton = ({ value, label, onCopied }: Props) => {
  const { copied, copy } = useCopy();
  return (
    <>
      <Button
        variant="default"
        leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        onClick={() => copy(value).then(onCopied)}
      >
        {copied ? 'Copied' : label}
      </Button>
      <Announcement copied={copied} />
    </>
  );
};
