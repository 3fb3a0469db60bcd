import type { Client } from '@bastionary/contracts/clients';
import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
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
import { AssertionFacts } from '../../assertion-facts';
import { OwnerOfClient } from '../../owner-of-client';
import { EditDialog } from './edit-dialog';

const AUTHENTICATION = {
  any_secret: 'a secret, in the Authorization header or in the body',
  client_secret_basic: 'a secret in the Authorization header',
  client_secret_post: 'a secret in the body',
  private_key_jwt: 'a private key of its own',
};

type Props = { client: Client; etag: string };

export const OverviewTab = ({ client, etag }: Props) => {
  const mayWrite = usePermission('clients:write');
  const [isEditing, edit] = useDisclosure(false);
  const issuer = useQuery(issuerQuery).data;
  const usage = useQuery(clientUsageQuery(client.client_id));

  return (
    <Stack gap="lg">
      {client.warnings.map(({ code, message }) => (
        <Alert key={code} color="orange" title="Please note">
          {message}
        </Alert>
      ))}
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
            ['Belongs to', <OwnerOfClient key="owner" customerId={client.customer_id} />],
            ['Tokens issued', BigInt(client.tokens_issued).toLocaleString()],
            ['Last token', client.last_token_at ? <Time key="last" value={client.last_token_at} /> : 'never'],
            ['Authentication', AUTHENTICATION[client.token_endpoint_auth_method ?? 'any_secret']],
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
      {issuer ? <GetToken client={client} issuer={issuer} /> : <Skeleton height={180} radius="lg" />}
      <EditDialog client={client} etag={etag} opened={isEditing} onClose={edit.close} />
    </Stack>
  );
};

const GetToken = ({ client, issuer }: { client: Client; issuer: string }) =>
  client.token_endpoint_auth_method === 'private_key_jwt' ? (
    <Panel title="Its assertions">
      <AssertionFacts clientId={client.client_id} issuer={issuer} />
    </Panel>
  ) : (
    <Panel title="Get a token">
      <Text size="sm" c="dimmed" mb="sm">
        The secret is not known here any more; put in yours.
      </Text>
      <Command
        label="Command that gets a token"
        command={tokenCommand(issuer, null, client.scopes).replace('$CLIENT_ID', client.client_id)}
      />
    </Panel>
  );
