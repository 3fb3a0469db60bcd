import { SegmentedControl, Stack, TextInput } from '@mantine/core';
import { Choice } from '../../../ui/choice';
import { KeysField } from '../keys-field';
import type { Draft, DraftErrors } from './draft';

const METHODS = [
  { value: 'secret', label: 'A secret', description: 'Made for you and shown once. Every OAuth2 library can do it.' },
  {
    value: 'key',
    label: 'A private key of its own',
    description: 'The program signs with a key that never leaves it (private_key_jwt). You give the public half.',
  },
];

const SOURCES = [
  { value: 'jwks', label: 'Paste the keys' },
  { value: 'jwks_uri', label: 'At an address' },
];

type Props = { draft: Draft; errors: DraftErrors; onChange: (part: Partial<Draft>) => void };

export const AuthenticationChoice = ({ draft, errors, onChange }: Props) => (
  <Stack gap="sm">
    <Choice
      label="Authentication"
      description="How it proves who it is. It can be changed later."
      options={METHODS}
      value={draft.proof}
      onChange={(proof) => onChange({ proof: proof as Draft['proof'] })}
    />
    {draft.proof === 'key' && (
      <>
        <div>
          <SegmentedControl
            aria-label="Where the public keys are"
            data={SOURCES}
            value={draft.keySource}
            onChange={(keySource) => onChange({ keySource: keySource as Draft['keySource'] })}
          />
        </div>
        {draft.keySource === 'jwks' ? (
          <KeysField
            label="Public keys"
            value={draft.keys}
            onChange={(keys) => onChange({ keys })}
            error={errors.keys}
          />
        ) : (
          <TextInput
            label="Address of its keys"
            description="Where the program publishes its JWK Set. Then it can change its keys by itself."
            placeholder="https://client.example/jwks.json"
            required
            type="url"
            autoComplete="off"
            spellCheck={false}
            value={draft.keysUri}
            onChange={(event) => onChange({ keysUri: event.currentTarget.value })}
            error={errors.keysUri}
          />
        )}
      </>
    )}
  </Stack>
);
