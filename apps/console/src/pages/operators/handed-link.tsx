import type { HandedLink as Link } from '@bastionary/contracts/operators';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { Command } from '../../ui/command';
import { Time } from '../../ui/time';

/** A one-time link for somebody else, the only time that it can be seen. */
export const HandedLink = ({ link, onClose }: { link: Link; onClose: () => void }) => (
  <Stack>
    <Alert color="orange" icon={<IconEye aria-hidden />} title="The link is shown only now">
      Give it to {link.operator.name} yourself: whoever opens it first sets the password.
    </Alert>
    <Command command={link.sign_in_link} label="One-time sign-in link" />
    <Text size="sm">
      It works once, until <Time value={link.link_expires_at} as="date-time" />.
    </Text>
    <Group justify="flex-end">
      <Button onClick={onClose}>Done</Button>
    </Group>
  </Stack>
);
