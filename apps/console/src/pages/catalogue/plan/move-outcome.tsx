import type { PlanMigration } from '@bastionary/contracts/plans';
import { Button, Group, Stack, Text } from '@mantine/core';
import classes from './move-outcome.module.css';

type Props = { moved: Omit<PlanMigration, 'next_cursor'>; onClose: () => void };

export const MoveOutcome = ({ moved: { to, migrated, scheduled, refused }, onClose }: Props) => (
  <Stack>
    <Text size="sm" role="status">
      {migrated > 0 && `${migrated.toLocaleString()} on ${to} now. `}
      {scheduled > 0 && `${scheduled.toLocaleString()} on ${to} from the end of their period. `}
      {migrated + scheduled === 0 && 'None was moved. '}
      {refused.length === 0 ? 'None was refused.' : `${refused.length.toLocaleString()} could not be moved:`}
    </Text>
    {refused.length > 0 && (
      <ul className={classes.refused}>
        {refused.map(({ subscription_id, message }) => (
          <li key={subscription_id}>
            <code>{subscription_id}</code> {message}
          </li>
        ))}
      </ul>
    )}
    <Group justify="flex-end">
      <Button onClick={onClose}>Done</Button>
    </Group>
  </Stack>
);
