import type { Session } from '@bastionary/contracts/operators';
import { Anchor, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { queryClient } from '../../api/query-client';
import { sessionQuery, signOut, verify } from '../../api/session';
import { Door } from '../../ui/door';
import { ProofForm } from '../../ui/proof-form';

type Props = { session: Session; onVerified: (session: Session) => void };

/** The second factor of a sign-in. */
export const SecondStep = ({ session, onVerified }: Props) => {
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => queryClient.setQueryData(sessionQuery.queryKey, null),
  });
  return (
    <Door title="One more step" description={`Signing in as ${session.operator.email ?? session.operator.name}`}>
      <ProofForm
        kinds={session.proofs.filter((kind) => kind !== 'password')}
        prove={verify}
        onProven={onVerified}
        submitLabel="Verify"
      />
      <Text size="sm" c="dimmed" mt="md">
        Lost your device and your recovery codes? An owner can remove your second factor.{' '}
        <Anchor component="button" type="button" underline="always" onClick={() => leave.mutate()}>
          Sign in as somebody else
        </Anchor>
      </Text>
    </Door>
  );
};
