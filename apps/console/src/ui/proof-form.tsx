import type { ProofKind, Session } from '@bastionary/contracts/operators';
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { canUsePasskeys } from '../api/authenticator';
import type { Proof } from '../api/session';
import { ErrorAlert } from './error-alert';

type Props = {
  /** The ways there are, the preferred one first. */
  kinds: ProofKind[];
  prove: (proof: Proof) => Promise<Session>;
  onProven: (session: Session) => void;
  submitLabel: string;
  onCancel?: () => void;
};

const WORDS: Record<ProofKind, string> = {
  passkey: 'Use a passkey',
  totp: 'Use the authenticator app',
  password: 'Use the password',
  recovery_code: 'Use a recovery code',
};

/** Asks for one proof of who sits here; the other ways stand below. */
export const ProofForm = ({ kinds, prove, onProven, submitLabel, onCancel }: Props) => {
  const usable = kinds.filter((kind) => kind !== 'passkey' || canUsePasskeys());
  const [kind, setKind] = useState<ProofKind>(usable[0] ?? 'password');
  const [typed, setTyped] = useState('');
  const attempt = useMutation({ mutationFn: prove, onSuccess: onProven, onError: () => setTyped('') });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (attempt.isPending) return;
    if (kind === 'passkey') attempt.mutate({ kind });
    else if (kind === 'password') attempt.mutate({ kind, password: typed });
    else attempt.mutate({ kind, code: typed });
  };
  const change = (to: ProofKind) => {
    setKind(to);
    setTyped('');
    attempt.reset();
  };
  const field = {
    value: typed,
    onChange: (event: { currentTarget: { value: string } }) => setTyped(event.currentTarget.value),
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {attempt.error && <ErrorAlert error={attempt.error} />}
        {kind === 'totp' && (
          <TextInput
            label="Code"
            description="The six digits that your authenticator app shows now"
            inputMode="numeric"
            autoComplete="one-time-code"
            data-autofocus
            required
            {...field}
          />
        )}
        {kind === 'recovery_code' && (
          <TextInput
            label="Recovery code"
            description="One of the codes you stored; each works once"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            required
            {...field}
          />
        )}
        {kind === 'password' && (
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            data-autofocus
            required
            {...field}
          />
        )}
        {kind === 'passkey' && <Text size="sm">Your browser will ask for the passkey of this account.</Text>}
        <Group justify="flex-end" gap="xs">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={attempt.isPending} disabled={kind !== 'passkey' && typed.trim() === ''}>
            {kind === 'passkey' ? 'Continue with the passkey' : submitLabel}
          </Button>
        </Group>
        {usable.length > 1 && (
          <Group gap="xs" justify="center">
            {usable
              .filter((other) => other !== kind)
              .map((other) => (
                <Button key={other} variant="subtle" size="compact-sm" onClick={() => change(other)}>
                  {WORDS[other]}
                </Button>
              ))}
          </Group>
        )}
      </Stack>
    </form>
  );
};
