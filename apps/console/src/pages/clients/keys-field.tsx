import { Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './keys-field.module.css';

type Props = { label: string; value: string; onChange: (pasted: string) => void; error?: ReactNode };

const EXAMPLE = '{"keys":[{"kty":"EC","crv":"P-256","kid":"2027-01","x":"…","y":"…"}]}';

/** Where public keys are pasted. */
export const KeysField = ({ label, value, onChange, error }: Props) => (
  <Textarea
    label={label}
    description="A JWK or a JWK Set: EC P-256, RSA of 2048 bits or more, or Ed25519. Public keys only."
    placeholder={EXAMPLE}
    required
    autosize
    minRows={4}
    maxRows={12}
    spellCheck={false}
    autoComplete="off"
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    error={error}
    classNames={{ input: classes.keys ?? '' }}
  />
);
