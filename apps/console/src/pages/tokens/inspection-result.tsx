import type { TokenInspection } from '@bastionary/contracts/tokens';
import { Alert, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { RouterAnchor } from '../../ui/links';
import { Panel } from '../../ui/panel';
import { StatusBadge } from '../../ui/status-badge';
import { formatDateTime } from '../../ui/time';
import { Claims } from './claims';
import { RevokeToken } from './revoke-token';
import { TokenChecks } from './token-checks';

type Props = { inspection: TokenInspection; token: string; onChanged: () => void };

const verdictDetail = ({ active, checks, revoked_at }: TokenInspection) => {
  if (active) return 'Every check passed.';
  if (revoked_at) return `It was revoked on ${formatDateTime(revoked_at)}.`;
  return checks.find(({ ok }) => !ok)?.detail ?? 'A check failed.';
};

export const InspectionResult = ({ inspection, token, onChanged }: Props) => {
  const { active, client, header, claims, checks } = inspection;
  return (
    <Stack gap="lg">
      <Alert
        role="status"
        color={active ? 'green' : 'red'}
        icon={active ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
        title={active ? 'This token is valid' : 'This token is not valid'}
      >
        {verdictDetail(inspection)}
      </Alert>
      <Panel
        title="Checks, in order"
        aside={active && <RevokeToken token={token} client={client} onRevoked={onChanged} />}
      >
        <TokenChecks checks={checks} />
        {client && (
          <Text size="sm" mt="md">
            It belongs to{' '}
            <RouterAnchor
              to="/clients/$clientId"
              params={{ clientId: client.client_id }}
              search={{}}
              underline="always"
            >
              {client.name}
            </RouterAnchor>{' '}
            <StatusBadge status={client.status} />
          </Text>
        )}
      </Panel>
      {claims && (
        <Panel title="Claims">
          <Claims values={claims} />
        </Panel>
      )}
      {header && (
        <Panel title="Header">
          <Claims values={header} />
        </Panel>
      )}
    </Stack>
  );
};
