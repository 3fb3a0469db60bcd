import type { SigningKey } from '@bastionary/contracts/tokens';
import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconKeyOff, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usePermission } from '../../api/session';
import { signingKeysQuery } from '../../api/signing-keys';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { ErrorAlert } from '../../ui/error-alert';
import { PageHeader } from '../../ui/page-header';
import { Panel } from '../../ui/panel';
import { EmergencyDialog } from './emergency-dialog';
import { retiredKeyColumns } from './key-columns';
import { KeyTimeline } from './key-timeline';
import { RotateKeysDialog } from './rotate-keys-dialog';

const ORDER: SigningKey['state'][] = ['next', 'active', 'retiring', 'retired'];
const byState = (a: SigningKey, b: SigningKey) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state);

export const SigningKeysPage = () => {
  const mayWrite = usePermission('keys:write');
  const { data, error, refetch } = useQuery(signingKeysQuery);
  const [asked, setAsked] = useState<'rotate' | 'emergency' | null>(null);
  const close = () => setAsked(null);
  const keys = data ? [...data].sort(byState) : [];
  const retired = keys.filter(({ state }) => state === 'retired');
  return (
    <>
      <PageHeader
        title="Signing keys"
        description="The active key signs access tokens. The public halves are published, so that any API can check a token by itself. Keys rotate on a schedule."
        actions={
          mayWrite &&
          keys.length > 0 && (
            <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsked('rotate')}>
              Rotate now
            </Button>
          )
        }
      />
      <Stack gap="lg">
        {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
        {!data && !error && <Skeleton height={280} radius="lg" />}
        {data?.length === 0 && (
          <EmptyState icon={IconKeyOff} title="No signing key">
            Without one no token can be issued. The first start of the server makes one.
          </EmptyState>
        )}
        {keys.length > 0 && <KeyTimeline keys={keys.filter(({ state }) => state !== 'retired')} />}
        {retired.length > 0 && (
          <section aria-label="Retired keys">
            <Title order={2} mb="sm">
              Retired
            </Title>
            <DataTable caption="Retired keys" columns={retiredKeyColumns} rows={retired} rowId={({ kid }) => kid} />
          </section>
        )}
        <Panel title="Published for your APIs">
          <Stack gap="xs">
            <PublishedLink href="/.well-known/jwks.json" what="the public keys (JWK Set, RFC 7517)" />
            <PublishedLink href="/.well-known/oauth-authorization-server" what="the server’s metadata (RFC 8414)" />
          </Stack>
        </Panel>
        {mayWrite && keys.length > 0 && (
          <Panel title="If a private key is in wrong hands">
            <Group justify="space-between" gap="sm">
              <Text size="sm" c="dimmed" maw="40rem">
                Replace every key at once. Every token signed until now is refused, and clients have to get new ones.
              </Text>
              <Button
                color="red"
                variant="light"
                leftSection={<IconAlertTriangle size={16} aria-hidden />}
                onClick={() => setAsked('emergency')}
              >
                Emergency rotation
              </Button>
            </Group>
          </Panel>
        )}
      </Stack>
      {asked === 'rotate' && <RotateKeysDialog onClose={close} />}
      {asked === 'emergency' && <EmergencyDialog keys={keys} onClose={close} />}
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
