import type { Client } from '@bastionary/contracts/clients';
import type { AddCredentialRequest, Credential } from '@bastionary/contracts/credentials';
import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconFileCertificate, IconKeyOff, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { credentialsQuery } from '../../../../api/credentials';
import { usePermission } from '../../../../api/session';
import { EmptyState } from '../../../../ui/empty-state';
import { ErrorAlert } from '../../../../ui/error-alert';
import { AddCredentialDialog } from './add-credential-dialog';
import { CredentialCard } from './credential-card';
import classes from './credentials-tab.module.css';
import { DeleteCredentialDialog } from './delete-credential-dialog';
import { EditCredentialDialog } from './edit-credential-dialog';
import { RotateDialog } from './rotate-dialog';

type Asked =
  | { what: 'add'; kind: AddCredentialRequest['kind'] }
  | { what: 'rotate' }
  | { what: 'edit' | 'delete'; credential: Credential };

export const CredentialsTab = ({ client }: { client: Client }) => {
  const mayWrite = usePermission('clients:write');
  const { data, error, refetch } = useQuery(credentialsQuery(client.client_id));
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);

  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={180} radius="lg" />;
  const provesItselfByKey = client.token_endpoint_auth_method === 'private_key_jwt';
  const actions = mayWrite && (
    <Group gap="xs">
      {!provesItselfByKey && data.some(({ kind }) => kind === 'secret') && (
        <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setAsked({ what: 'rotate' })}>
          Rotate the secret
        </Button>
      )}
      {!provesItselfByKey && (
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAsked({ what: 'add', kind: 'secret' })}
        >
          Add a secret
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconFileCertificate size={16} aria-hidden />}
        onClick={() => setAsked({ what: 'add', kind: 'public_key' })}
      >
        Add a public key
      </Button>
    </Group>
  );

  return (
    <Stack>
      {data.length === 0 ? (
        <EmptyState icon={IconKeyOff} title="No credential" action={actions}>
          Without one this client cannot prove who it is, and gets no token.
        </EmptyState>
      ) : (
        <>
          <Stack gap="sm">
            <Text size="sm" c="dimmed" maw="46rem">
              To rotate without a gap: add the new one, move your programs to it, and delete the old one when nobody
              uses it any more.
            </Text>
            {actions}
          </Stack>
          {data.some(({ kind, generated }) => kind === 'secret' && !generated) && (
            <Alert color="orange" title="A secret here was chosen, not generated">
              A chosen secret may be guessable or used elsewhere. Rotate it to have a random one.
            </Alert>
          )}
          <ul className={classes.list} aria-label="Credentials">
            {data.map((credential) => (
              <CredentialCard
                key={credential.id}
                clientId={client.client_id}
                credential={credential}
                {...(mayWrite && {
                  onEdit: () => setAsked({ what: 'edit', credential }),
                  onDelete: () => setAsked({ what: 'delete', credential }),
                })}
              />
            ))}
          </ul>
        </>
      )}
      {asked?.what === 'add' && <AddCredentialDialog clientId={client.client_id} kind={asked.kind} onClose={close} />}
      {asked?.what === 'rotate' && <RotateDialog client={client} onClose={close} />}
      {asked?.what === 'edit' && (
        <EditCredentialDialog clientId={client.client_id} credential={asked.credential} onClose={close} />
      )}
      {asked?.what === 'delete' && (
        <DeleteCredentialDialog
          clientId={client.client_id}
          credential={asked.credential}
          isLast={data.length === 1}
          onClose={close}
        />
      )}
    </Stack>
  );
};
