import type { License } from '@bastionary/contracts/licenses';
import { Button, Menu } from '@mantine/core';
import {
  IconCalendarPlus,
  IconChevronDown,
  IconCircleX,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { LicenseAct, VersionedLicense } from '../../../api/licenses';
import { ActDialog } from './act-dialog';
import { EditLicense } from './edit-license';

const ICON = { size: 16, 'aria-hidden': true } as const;

/** What can be done to it as it stands; what the api would still refuse, it says why. */
export const LicenseActions = ({ license, etag }: VersionedLicense) => {
  const [asked, setAsked] = useState<LicenseAct | 'edit' | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      {!isOver(license) && <ActsMenu license={license} onAsk={setAsked} />}
      {asked === 'edit' && <EditLicense license={license} etag={etag} onClose={close} />}
      {asked !== null && asked !== 'edit' && <ActDialog act={asked} license={license} onClose={close} />}
    </>
  );
};

const isOver = ({ status }: License) => status === 'REVOKED';

const ActsMenu = ({ license, onAsk }: { license: License; onAsk: (asked: LicenseAct | 'edit') => void }) => (
  <>
    <Button leftSection={<IconKey {...ICON} />} variant="default" onClick={() => onAsk('reissue')}>
      Reissue the key
    </Button>
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown {...ICON} />}>
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={() => onAsk('edit')}>
          Change or transfer
        </Menu.Item>
        {license.expires_at !== null && (
          <Menu.Item leftSection={<IconCalendarPlus {...ICON} />} onClick={() => onAsk('renew')}>
            Renew
          </Menu.Item>
        )}
        {license.suspensions.includes('operator') ? (
          <Menu.Item leftSection={<IconPlayerPlay {...ICON} />} onClick={() => onAsk('reinstate')}>
            Reinstate
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconPlayerPause {...ICON} />} onClick={() => onAsk('suspend')}>
            Suspend
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconCircleX {...ICON} />}
          onClick={() => onAsk('revoke')}
        >
          Revoke
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  </>
);
