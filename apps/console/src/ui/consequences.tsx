import { List } from '@mantine/core';

/** What will follow from an action, one thing a line. */
export const Consequences = ({ of }: { of: string[] }) => (
  <List size="sm" spacing="xs">
    {of.map((consequence) => (
      <List.Item key={consequence}>{consequence}</List.Item>
    ))}
  </List>
);
