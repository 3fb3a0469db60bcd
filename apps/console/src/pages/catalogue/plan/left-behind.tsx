import type { Plan } from '@bastionary/contracts/plans';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUsersGroup } from '@tabler/icons-react';
import { usePermission } from '../../../api/session';
import { MoveDialog } from './move-dialog';

/** Says that subscriptions are on other versions than the one that is sold, and offers to move them. */
export const LeftBehind = ({ plan }: { plan: Plan }) => {
  const mayMove = usePermission('subscriptions:write');
  const [isMoving, moving] = useDisclosure(false);
  const current = plan.current_version;
  const count = plan.versions
    .filter(({ version }) => version !== current)
    .reduce((sum, { subscriptions }) => sum + subscriptions, 0);
  if (current === null || (count === 0 && !isMoving)) return null;
  return (
    <>
      {count > 0 && (
        <Alert
          color="bastion"
          icon={<IconUsersGroup aria-hidden />}
          title={
            count === 1
              ? 'One subscription is on another version'
              : `${count.toLocaleString()} subscriptions are on other versions`
          }
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm" c="inherit">
              Version {current} is what is sold now. Subscriptions stay on theirs until they are moved.
            </Text>
            {mayMove && (
              <Button size="xs" variant="default" onClick={moving.open}>
                Move subscriptions
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      {isMoving && <MoveDialog plan={plan} to={current} onClose={moving.close} />}
    </>
  );
};
