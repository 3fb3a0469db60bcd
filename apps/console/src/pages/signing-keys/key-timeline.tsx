import type { SigningKey } from '@bastionary/contracts/tokens';
import { Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconClock } from '@tabler/icons-react';
import { CopyableId } from '../../ui/copyable-id';
import { StatusBadge } from '../../ui/status-badge';
import { Time } from '../../ui/time';
import { keySteps } from './key-steps';
import classes from './key-timeline.module.css';

/** Every key that still counts, on the way from published to retired. */
export const KeyTimeline = ({ keys }: { keys: SigningKey[] }) => (
  <ul className={classes.keys} aria-label="Keys in use">
    {keys.map((key) => (
      <li key={key.kid} className={classes.key}>
        <div className={classes.head}>
          <CopyableId id={key.kid} what="key id" />
          <StatusBadge status={key.state} />
          <Text size="sm" c="dimmed">
            {key.alg}
          </Text>
        </div>
        <ol className={classes.steps}>
          {keySteps(key).map(({ name, meaning, at, state }) => (
            <li key={name} className={classes.step} data-state={state}>
              <span className={classes.mark} aria-hidden>
                {state === 'done' && <IconCheck size={13} stroke={2.75} />}
                {state === 'planned' && <IconClock size={13} stroke={2.25} />}
              </span>
              <div>
                <Text size="sm" fw={600}>
                  {name}
                  <VisuallyHidden>
                    {state === 'done' ? ': happened' : state === 'planned' ? ': planned' : ''}
                  </VisuallyHidden>
                </Text>
                <Text size="sm">
                  {at ? <Time value={at} as={state === 'planned' ? 'relative' : 'date-time'} /> : '–'}
                </Text>
                <Text size="xs" c="dimmed">
                  {meaning}
                </Text>
              </div>
            </li>
          ))}
        </ol>
      </li>
    ))}
  </ul>
);
