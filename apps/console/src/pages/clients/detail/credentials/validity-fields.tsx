import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { type ExpiryChoice, ExpiryField, fromExpiry, toExpiry, toLocal } from '../../expiry-field';

/** From when until when a credential counts; an empty beginning is now. */
export type ValidityDraft = { notBefore: string; expiry: ExpiryChoice };

export const unlimited: ValidityDraft = { notBefore: '', expiry: fromExpiry(null) };

export const fromCredential = (times: { not_before: string | null; expires_at: string | null }): ValidityDraft => ({
  notBefore: times.not_before ? toLocal(times.not_before) : '',
  expiry: fromExpiry(times.expires_at),
});

/** The members of a request; a sentence if they make no sense. */
export const toWire = ({ notBefore, expiry }: ValidityDraft, now: Date) => {
  const expires_at = toExpiry(expiry, now);
  if (expires_at === undefined) return 'must be a date and a time';
  const not_before = notBefore === '' ? null : toExpiry({ kind: 'custom', at: notBefore }, now);
  if (not_before === undefined) return 'must begin at a date and a time';
  if (not_before && expires_at && Date.parse(expires_at) <= Date.parse(not_before)) return 'must end after it begins';
  return { not_before, expires_at };
};

type Props = { value: ValidityDraft; onChange: (value: ValidityDraft) => void; error?: ReactNode };

export const ValidityFields = ({ value, onChange, error }: Props) => (
  <>
    <TextInput
      label="Counts from"
      description="Empty: from now on."
      type="datetime-local"
      maw="16rem"
      value={value.notBefore}
      onChange={(event) => onChange({ ...value, notBefore: event.currentTarget.value })}
    />
    <ExpiryField
      value={value.expiry}
      onChange={(expiry) => onChange({ ...value, expiry })}
      description="After it this credential proves nothing."
      error={error}
    />
  </>
);
