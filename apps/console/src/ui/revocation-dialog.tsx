import type { RevocationRequest } from '@bastionary/contracts/revocations';
import { Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { revocationHitsQuery, revokeTokens } from '../api/revocations';
import { ConfirmDialog } from './confirm-dialog';
import { Consequences } from './consequences';
import { ErrorAlert } from './error-alert';
import classes from './revocation-dialog.module.css';
import { toast } from './toast';

type Props = { title: string; request: RevocationRequest; onClose: () => void; onRevoked: () => void };

/** First counts what it hits, then asks. */
export const RevocationDialog = ({ title, request, onClose, onRevoked }: Props) => {
  const hits = useQuery(revocationHitsQuery([request]));
  const revoke = useMutation({
    mutationFn: () => revokeTokens(request),
    onSuccess: ({ hits: dead }) => {
      toast(`${BigInt(dead).toLocaleString()} ${dead === '1' ? 'token is' : 'tokens are'} revoked.`);
      onRevoked();
    },
  });
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      confirmLabel="Revoke them all"
      isDangerous
      isDisabled={hits.data === undefined}
      isPending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
    >
      <RevocationHits requests={[request]} />
      <Consequences
        of={[
          'Access and refresh tokens issued until now are refused within a second. This cannot be undone.',
          'A program that only checks signatures accepts JWTs until they expire.',
          'Who holds a working credential can get new tokens at once.',
        ]}
      />
    </ConfirmDialog>
  );
};

/** How many live tokens revocations would hit. */
export const RevocationHits = ({ requests }: { requests: RevocationRequest[] }) => {
  const { data, error, refetch } = useQuery(revocationHitsQuery(requests));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (data === undefined) return <Skeleton height={64} radius="md" />;
  return (
    <div className={classes.hits} role="status">
      <span className={classes.number}>{data.toLocaleString()}</span>
      <Text size="sm">live {data === 1n ? 'token' : 'tokens'} will be dead, counted to the minute</Text>
    </div>
  );
};
