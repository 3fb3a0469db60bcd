import type { ProofKind, Session } from '@bastionary/contracts/operators';
import { Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { queryClient } from '../api/query-client';
import { sessionQuery, stepUp, useSession } from '../api/session';
import { whenProofIsWanted } from '../api/step-up';
import { Dialog } from '../ui/dialog';
import { ProofForm } from '../ui/proof-form';

// A recovery code is for signing in, once.
const PREFERRED: ProofKind[] = ['passkey', 'totp', 'password'];

type Answer = (isProven: boolean) => void;

/** Opens when the api wants a fresh proof; the request that waited for it is then sent again. */
export const StepUpDialog = () => {
  const session = useSession();
  const [answer, setAnswer] = useState<Answer | null>(null);

  useEffect(() => {
    whenProofIsWanted(() => new Promise((resolve) => setAnswer(() => resolve)));
    return () => whenProofIsWanted(async () => false);
  }, []);

  const close = (isProven: boolean) => {
    answer?.(isProven);
    setAnswer(null);
  };
  const goOn = (proven: Session) => {
    queryClient.setQueryData(sessionQuery.queryKey, proven);
    close(true);
  };

  return (
    <Dialog opened={answer !== null} onClose={() => close(false)} title="Is it still you?" isAbove>
      <Stack>
        <Text size="sm">What you are about to do is dangerous. Confirm that it is you; then it goes on by itself.</Text>
        <ProofForm
          kinds={PREFERRED.filter((kind) => session?.proofs.includes(kind))}
          prove={stepUp}
          onProven={goOn}
          submitLabel="Confirm"
          onCancel={() => close(false)}
        />
      </Stack>
    </Dialog>
  );
};
