import type { Overview } from '@bastionary/contracts/operators';
import { Badge, Text } from '@mantine/core';
import { IconKey, IconRobot } from '@tabler/icons-react';
import { RouterAnchor } from '../../ui/links';
import { Panel } from '../../ui/panel';
import { Time } from '../../ui/time';
import classes from './expiring.module.css';

const DAY = 86_400_000;

/** What stops working soon unless somebody does something; nothing while there is nothing. */
export const Expiring = ({ expiring }: { expiring: Overview['expiring'] }) => {
  if (expiring.length === 0) return null;
  return (
    <Panel title="Expires soon">
      <ul className={classes.list}>
        {expiring.map(({ client_id, kind, id, label, expires_at }) => {
          const isClient = kind === 'client';
          const Icon = isClient ? IconRobot : IconKey;
          return (
            <li key={id} className={classes.item}>
              <Icon size={18} stroke={1.7} aria-hidden className={classes.icon} />
              <div className={classes.words}>
                <RouterAnchor
                  to="/clients/$clientId"
                  params={{ clientId: client_id }}
                  search={isClient ? {} : { tab: 'credentials' }}
                  fw={600}
                  size="sm"
                >
                  {isClient ? label : `${label} of ${client_id}`}
                </RouterAnchor>
                <Text size="sm" c="dimmed">
                  {isClient
                    ? 'The client gets no token from then on.'
                    : 'Rotate it before: who uses it gets no token from then on.'}
                </Text>
              </div>
              <Badge color={Date.parse(expires_at) - Date.now() < 7 * DAY ? 'red' : 'orange'}>
                <Time value={expires_at} />
              </Badge>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
};
