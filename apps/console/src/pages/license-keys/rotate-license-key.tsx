import type { LicenseAlgorithm, LicenseJwk } from '@bastionary/contracts/license-keys';
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idempotencyKey } from '../../api/idempotency-key';
import { licenseKeySetQuery, rotateLicenseKey } from '../../api/license-keys';
import { Choice } from '../../ui/choice';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Consequences } from '../../ui/consequences';
import { SelectField } from '../../ui/select-field';
import { toast } from '../../ui/toast';
import { ALGORITHM_WORDS, algorithmOf } from './algorithm-words';

type Props = { keys: LicenseJwk[]; onClose: () => void };

const KINDS = [
  { value: 'planned', label: 'As planned', description: 'What the old key signed still counts.' },
  {
    value: 'compromised',
    label: 'The private key is in wrong hands',
    description: 'What it signed from some instant on does not count.',
  },
];

/** Lets another key sign from now on. */
export const RotateLicenseKey = ({ keys, onClose }: Props) => {
  const queryClient = useQueryClient();
  const [algorithm, setAlgorithm] = useState<LicenseAlgorithm>('ed25519');
  const [kind, setKind] = useState('planned');
  const [since, setSince] = useState('');
  const [key] = useState(idempotencyKey);
  const isCompromised = kind === 'compromised';
  const rotate = useMutation({
    mutationFn: () =>
      rotateLicenseKey(
        { algorithm, ...(isCompromised && { compromised_from: new Date(since).toISOString() }) },
        // Another choice is another intent.
        `${key}-${algorithm}-${kind}-${since.replaceAll(/\W/g, '')}`,
      ),
    onSuccess: (set) => {
      queryClient.setQueryData(licenseKeySetQuery.queryKey, set);
      toast('Another key signs from now on.');
      onClose();
    },
  });
  const signing = keys.find((one) => one.state === 'active' && algorithmOf(one) === algorithm);
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Rotate a key that signs licences?"
      confirmLabel="Rotate the key"
      isDangerous={isCompromised}
      isDisabled={isCompromised && since === ''}
      {...(isCompromised && { typeToConfirm: 'distrust the old key' })}
      isPending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
    >
      <SelectField
        label="Algorithm"
        description={signing ? `Signs now: ${signing.kid}` : 'None signs yet: the first use makes one'}
        options={Object.entries(ALGORITHM_WORDS).map(([value, label]) => ({ value: value as LicenseAlgorithm, label }))}
        value={algorithm}
        onChange={setAlgorithm}
      />
      <Choice label="Why" options={KINDS} value={kind} onChange={setKind} />
      {isCompromised && (
        <TextInput
          label="Since when"
          type="datetime-local"
          required
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
        />
      )}
      <Consequences
        of={
          isCompromised
            ? [
                'What the old key signed since then, licence keys and files alike, is refused by programs that have the new key set.',
                'Licences whose keys were made since then have to be reissued; what was signed before still counts.',
              ]
            : [
                'New keys, files and answers are signed by the new key. Programs need the new key set to verify them.',
                'Nothing that was signed before stops working.',
              ]
        }
      />
    </ConfirmDialog>
  );
};
