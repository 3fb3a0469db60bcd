import type { Webhook } from '@bastionary/contracts/webhooks';
import { Stack } from '@mantine/core';
import { Time } from '../../ui/time';

/** The secrets that deliveries are signed with, the newest first. */
export const SigningSecrets = ({ secrets }: Pick<Webhook, 'secrets'>) => (
  <Stack gap={2}>
    {secrets.map(({ id, created_at, expires_at }) => (
      <span key={id}>
        made <Time value={created_at} />
        {expires_at && (
          <>
            , signs until <Time value={expires_at} as="date-time" />
          </>
        )}
      </span>
    ))}
  </Stack>
);
