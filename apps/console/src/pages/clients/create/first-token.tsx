import { Loader, Text } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { clientQuery } from '../../../api/clients';
import { Time } from '../../../ui/time';
import classes from './client-created.module.css';

type Props = { clientId: string; hasCommand: boolean };

/** Waits until the server has seen the client's first token. */
export const FirstToken = ({ clientId, hasCommand }: Props) => {
  const { data } = useQuery({
    ...clientQuery(clientId),
    refetchInterval: ({ state }) => (state.data?.client.last_token_at ? false : 2_000),
  });
  const receivedAt = data?.client.last_token_at;
  return (
    <div className={classes.waiting} role="status" data-received={receivedAt ? true : undefined}>
      {receivedAt ? (
        <>
          <IconCircleCheckFilled color="var(--mantine-color-success)" aria-hidden />
          <div>
            <Text fw={600}>First token received</Text>
            <Text size="sm" c="dimmed">
              <Time value={receivedAt} />: everything works.
            </Text>
          </div>
        </>
      ) : (
        <>
          <Loader size="sm" aria-hidden />
          <div>
            <Text fw={600}>Waiting for your first token…</Text>
            <Text size="sm" c="dimmed">
              {hasCommand ? 'Run the command above, or start your program.' : 'Start your program.'} This turns by
              itself.
            </Text>
          </div>
        </>
      )}
    </div>
  );
};
