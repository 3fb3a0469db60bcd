import type { SigningKey } from '@bastionary/contracts/tokens';
import { Anchor, Stack, Text } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { signingKeysQuery } from '../../api/signing-keys';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { keyColumns } from './key-columns';
import { KeyLifetime } from './key-lifetime';

const ORDER: SigningKey['state'][] = ['next', 'active', 'retiring', 'retired'];
const byState = (a: SigningKey, b: SigningKey) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state);

export const SigningKeysPage = () => {
  const { data, error, refetch } = useQuery(signingKeysQuery);
  const [now] = useState(() => Date.now());
  const keys = data && [...data].sort(byState);
  return (
    <>
      <PageHeader
        title="Signing keys"
        description="Access tokens are signed with the active key. The public halves are published, so that any API can check a token by itself."
      />
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {keys?.length === 0 && (
          <EmptyState icon={IconKeyOff} title="No signing key">
            Without one no token can be issued. The first start of the server makes one.
          </EmptyState>
        )}
        {!error && keys?.length !== 0 && (
          <DataTable caption="Signing keys" columns={keyColumns} rows={keys} rowId={({ kid }) => kid} />
        )}
        {keys && keys.length > 0 && <KeyLifetime keys={keys} now={now} />}
        <Panel title="Published for your APIs">
          <Stack gap="xs">
            <PublishedLink href="/.well-known/jwks.json" what="the public keys (JWK Set, RFC 7517)" />
            <PublishedLink href="/.well-known/oauth-authorization-server" what="the server’s metadata (RFC 8414)" />
          </Stack>
        </Panel>
      </Stack>
    </>
  );
};

const PublishedLink = ({ href, what }: { href: string; what: string }) => (
  <Text size="sm">
    <Anchor href={href} target="_blank" rel="noreferrer" underline="always">
      {href}
    </Anchor>
    <Text span inherit c="dimmed">
      {' '}
      {what}
    </Text>
  </Text>
);
