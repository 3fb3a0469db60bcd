import { Button, Group, Stack, Text } from '@mantine/core';
import { ErrorAlert } from '../../../ui/error-alert';
import { Facts } from '../../../ui/facts';
import { ScopeNames } from '../../../ui/scope-names';
import { formatDateTime } from '../../../ui/time';
import { toExpiry } from '../expiry-field';
import { OwnerOfClient } from '../owner-of-client';
import type { Draft } from './draft';

const proofOf = ({ proof, keySource, keysUri }: Draft) => {
  if (proof === 'secret') return 'a secret, made for you: 256 random bits, shown once on the next page';
  return keySource === 'jwks'
    ? 'a private key of its own; you gave the public half'
    : `keys published at ${keysUri.trim()}`;
};

type Props = { draft: Draft; onBack: () => void; onCreate: () => void; isPending: boolean; error: Error | null };

export const ReviewStep = ({ draft, onBack, onCreate, isPending, error }: Props) => {
  const expiry = toExpiry(draft.expiry, new Date());
  return (
    <Stack>
      <Facts
        facts={[
          ['Name', draft.name],
          ['Client id', draft.clientId.trim() || 'made for you'],
          ['Belongs to', <OwnerOfClient key="owner" customerId={draft.customerId} />],
          ['Expiry', expiry ? formatDateTime(expiry) : 'does not expire'],
          ['Scopes', <ScopeNames key="scopes" scopes={draft.scopes} />],
          ['Authentication', proofOf(draft)],
        ]}
      />
      {error && <ErrorAlert error={error} />}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button onClick={onCreate} loading={isPending}>
          Create the client
        </Button>
      </Group>
      <Text role="status" size="sm" c="dimmed">
        {isPending && 'Creating the client…'}
      </Text>
    </Stack>
  );
};
