import type { Client } from '@bastionary/contracts/clients';
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { clientUsageQuery } from '../../../../api/clients';
import { tokenCommand } from '../../../../api/curl';
import { issuerQuery } from '../../../../api/overview';
import { usePermission } from '../../../../api/session';
import { Command } from '../../../../ui/command';
import { ErrorAlert } from '../../../../ui/error-alert';
import { Facts } from '../../../../ui/facts';
import { Panel } from '../../../../ui/panel';
import { Time } from '../../../../ui/time';
import { TokensPerHour } from '../../../../ui/tokens-per-hour';
import { EditDialog } from './edit-dialog';

type Props = { client: Client; etag: string };

export const OverviewTab = ({ client, etag }: Props) => {
  const mayWrite = usePermission('clients:write');
  const [isEditing, edit] = useDisclosure(false);
  const issuer = useQuery(issuerQuery).data;
  const usage = useQuery(clientUsageQuery(client.client_id));

  return (
    <Stack gap="lg">
      <Panel
        title="Facts"
        aside={
          mayWrite && (
            <Button size="compact-sm" variant="subtle" onClick={edit.open}>
              Edit name and expiry
            </Button>
          )
        }
      >
        <Facts
          facts={[
            ['Tokens issued', BigInt(client.tokens_issued).toLocaleString()],
            ['Last token', client.last_token_at ? <Time key="last" value={client.last_token_at} /> : 'never'],
            ['Expiry', client.expiry ? <Time key="expiry" value={client.expiry} as="date-time" /> : 'does not expire'],
            ['Created', <Time key="created" value={client.created_at} as="date-time" />],
            ['Last changed', <Time key="updated" value={client.updated_at} />],
          ]}
        />
      </Panel>
      {usage.error ? (
        <ErrorAlert error={usage.error} onRetry={() => usage.refetch()} />
      ) : (
        <TokensPerHour hours={usage.data} emptyHint="This client got no token in the last 24 hours." />
      )}
      <Panel title="Get a token">
        <Text size="sm" c="dimmed" mb="sm">
          The secret is not known here any more; put in yours.
        </Text>
        {issuer ? (
          <Command
            label="Command that gets a token"
            command={tokenCommand(issuer, null, client.scopes).replace('$CLIENT_ID', client.client_id)}
          />
        ) : (
          <Skeleton height={96} />
        )}
      </Panel>
      <EditDialog client={client} etag={etag} opened={isEditing} onClose={edit.close} />
    </Stack>
  );
};
