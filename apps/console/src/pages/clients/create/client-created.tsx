import type { ClientWithSecret } from '@bastionary/contracts/clients';
import { Button, Checkbox, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { issuerQuery } from '../../../api/overview';
import { Dialog } from '../../../ui/dialog';
import { PageHeader } from '../../../ui/page-header';
import { AssertionFacts } from '../assertion-facts';
import { SecretOnce } from '../secret-once';
import classes from './client-created.module.css';
import { FirstToken } from './first-token';

/** The end of the wizard. It cannot be left by accident: the secret would be gone. */
export const ClientCreated = ({ client }: { client: ClientWithSecret }) => {
  const navigate = useNavigate();
  const issuer = useQuery(issuerQuery).data;
  const [isStored, setStored] = useState(false);
  const hasSecret = client.client_secret !== undefined;
  const mayLeave = useRef(!hasSecret);
  const blocker = useBlocker({
    shouldBlockFn: () => !mayLeave.current,
    enableBeforeUnload: () => !mayLeave.current,
    withResolver: true,
  });

  const leave = () => {
    mayLeave.current = true;
    void navigate({ to: '/clients/$clientId', params: { clientId: client.client_id }, search: {} });
  };

  return (
    <div className={classes.root}>
      <PageHeader
        title={`${client.name} is ready`}
        description={hasSecret ? 'Keep its secret, then get the first token.' : 'It proves itself with its own key.'}
      />
      <Stack gap="lg">
        <div className={classes.card}>
          {issuer ? <Proof client={client} issuer={issuer} /> : <Skeleton height={300} />}
        </div>
        <FirstToken clientId={client.client_id} hasCommand={hasSecret} />
        <Group justify="space-between">
          {hasSecret ? (
            <Checkbox
              label="I have stored the secret"
              checked={isStored}
              onChange={(event) => setStored(event.currentTarget.checked)}
            />
          ) : (
            <span />
          )}
          <Button onClick={leave} disabled={hasSecret && !isStored}>
            Go to the client
          </Button>
        </Group>
      </Stack>
      <Dialog opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title="Leave without the secret?">
        <Stack>
          <Text size="sm">
            It is shown only on this page. Without it you have to rotate the secret to get a new one.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => blocker.proceed?.()}>
              Leave
            </Button>
            <Button onClick={() => blocker.reset?.()} data-autofocus>
              Stay here
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </div>
  );
};

type ProofProps = { client: ClientWithSecret; issuer: string };

/** What the program needs to prove itself: the secret, or where to make its assertions out to. */
const Proof = ({ client: { client_id, client_secret, warnings }, issuer }: ProofProps) =>
  client_secret ? (
    <SecretOnce clientId={client_id} secret={client_secret} warnings={warnings} issuer={issuer} />
  ) : (
    <>
      <Title order={2} mb="sm">
        What its assertions hold
      </Title>
      <AssertionFacts clientId={client_id} issuer={issuer} />
    </>
  );
