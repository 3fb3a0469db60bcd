import type { SigningKey } from '@bastionary/contracts/tokens';
import { Text } from '@mantine/core';
import { Panel } from '../../ui/panel';
import classes from './key-lifetime.module.css';

const STAGES = [
  { state: 'next', words: 'published, signs nothing yet' },
  { state: 'active', words: 'signs every new token' },
  { state: 'retiring', words: 'signs nothing, still checks tokens' },
  { state: 'retired', words: 'no longer published' },
] as const;

type Props = { keys: SigningKey[]; now: number };

const DAY = 86_400_000;
const days = (key: SigningKey, now: number) =>
  Math.max(0, Math.floor(((key.retired_at ? Date.parse(key.retired_at) : now) - Date.parse(key.created_at)) / DAY));

/** The stages every key goes through, and which key is where. */
export const KeyLifetime = ({ keys, now }: Props) => (
  <Panel title="The life of a key">
    <ol className={classes.stages}>
      {STAGES.map(({ state, words }) => {
        const here = keys.filter((key) => key.state === state);
        return (
          <li key={state} className={classes.stage} data-occupied={here.length > 0 || undefined}>
            <Text fw={600} size="sm">
              {state}
            </Text>
            <Text c="dimmed" size="sm">
              {words}
            </Text>
            <ul className={classes.keys}>
              {here.map((key) => (
                <li key={key.kid}>
                  <code>{key.kid.slice(0, 8)}…</code> {days(key, now)} {days(key, now) === 1 ? 'day' : 'days'} old
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  </Panel>
);
