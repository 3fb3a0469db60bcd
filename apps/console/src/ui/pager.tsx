import { Button, Group } from '@mantine/core';
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react';

type Props = { isFirst: boolean; next: string | null; onGo: (cursor: string | undefined) => void };

/** Cursors only lead forward; the browser's own Back leads back a page. */
export const Pager = ({ isFirst, next, onGo }: Props) => {
  if (isFirst && !next) return null;
  return (
    <Group component="nav" gap="xs" justify="flex-end" mt="md" aria-label="Pages">
      {!isFirst && (
        <Button variant="default" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={() => onGo(undefined)}>
          First page
        </Button>
      )}
      <Button
        variant="default"
        rightSection={<IconArrowRight size={16} aria-hidden />}
        disabled={!next}
        onClick={() => next && onGo(next)}
      >
        Next page
      </Button>
    </Group>
  );
};
