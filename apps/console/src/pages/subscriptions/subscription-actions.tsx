import type { Subscription } from '@bastionary/contracts/plans';
import { Button, Menu } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconChevronDown,
  IconCircleX,
  IconFileInvoice,
  IconPlayerPause,
  IconPlayerPlay,
  IconVersions,
} from '@tabler/icons-react';
import type { Act } from './act-dialog';

export type Asked = Act | 'change' | 'migrate' | 'bill';

type Props = {
  subscription: Subscription;
  mayMigrate: boolean;
  mayBill: boolean;
  canChange: boolean;
  onAsk: (asked: Asked) => void;
};

const ICON = { size: 16, 'aria-hidden': true } as const;

/** What can be done to it as it stands; what the api would still refuse, it says why. */
export const SubscriptionActions = ({ subscription, mayMigrate, mayBill, canChange, onAsk }: Props) => {
  const { state, paused_from, paused_until, cancel_at } = subscription;
  const hasPause = paused_from !== null && (paused_until === null || Date.parse(paused_until) > Date.now());
  if (state === 'canceled') return null;
  return (
    <>
      {canChange && (
        <Button leftSection={<IconArrowsExchange {...ICON} />} onClick={() => onAsk('change')}>
          Change
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown {...ICON} />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {mayMigrate && (
            <Menu.Item leftSection={<IconVersions {...ICON} />} onClick={() => onAsk('migrate')}>
              Move to another version
            </Menu.Item>
          )}
          {mayBill && (
            <Menu.Item leftSection={<IconFileInvoice {...ICON} />} onClick={() => onAsk('bill')}>
              Make a draft invoice
            </Menu.Item>
          )}
          {hasPause ? (
            <Menu.Item leftSection={<IconPlayerPlay {...ICON} />} onClick={() => onAsk('resume')}>
              Resume
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconPlayerPause {...ICON} />} onClick={() => onAsk('pause')}>
              Pause
            </Menu.Item>
          )}
          <Menu.Divider />
          {cancel_at !== null && (
            <Menu.Item leftSection={<IconArrowBackUp {...ICON} />} onClick={() => onAsk('uncancel')}>
              Take back the end
            </Menu.Item>
          )}
          <Menu.Item
            c="var(--mantine-color-error)"
            leftSection={<IconCircleX {...ICON} />}
            onClick={() => onAsk('cancel')}
          >
            Cancel the subscription
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
};
