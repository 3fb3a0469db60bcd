import { Group } from '@mantine/core';
import { usePermission } from '../../api/session';
import { RouterButton } from '../../ui/links';

const PAGES = [
  { key: 'usage', to: '/usage', label: 'By meter' },
  { key: 'events', to: '/usage/events', label: 'Events' },
] as const;

/** The two sides of usage: what meters counted, and what was sent. */
export const UsageTabs = ({ here }: { here: 'usage' | 'events' }) => {
  const mayRead = usePermission('usage:read');
  return (
    mayRead && (
      <Group component="nav" gap="xs" mb="md" aria-label="Usage">
        {PAGES.map(({ key, to, label }) => (
          <RouterButton
            key={key}
            to={to}
            search={{}}
            size="xs"
            variant={key === here ? 'light' : 'subtle'}
            aria-current={key === here ? 'page' : undefined}
          >
            {label}
          </RouterButton>
        ))}
      </Group>
    )
  );
};
