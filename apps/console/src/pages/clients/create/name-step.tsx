import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { usePermission } from '../../../api/session';
import { CustomerSelect } from '../../customers/customer-select';
import { ExpiryField } from '../expiry-field';
import { AuthenticationChoice } from './authentication-choice';
import type { Draft, DraftErrors } from './draft';

type Props = { draft: Draft; errors: DraftErrors; onChange: (part: Partial<Draft>) => void; onNext: () => void };

export const NameStep = ({ draft, errors, onChange, onNext }: Props) => {
  const maySeeCustomers = usePermission('customers:read');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onNext();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="What people will know it by."
          placeholder="Nightly export"
          required
          autoComplete="off"
          value={draft.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
          error={errors.name}
        />
        <TextInput
          label="Client id"
          description="Optional: one is made if you leave it empty. It cannot be changed later."
          placeholder="nightly-export"
          autoComplete="off"
          spellCheck={false}
          value={draft.clientId}
          onChange={(event) => onChange({ clientId: event.currentTarget.value })}
          error={errors.clientId}
        />
        {maySeeCustomers && (
          <CustomerSelect
            label="Customer"
            description="Optional: whose program it is. Its tokens then say what the customer may do. It cannot be changed later."
            placeholder="The installation’s own"
            value={draft.customerId}
            onChange={(customerId) => onChange({ customerId })}
            error={errors.customerId}
          />
        )}
        <AuthenticationChoice draft={draft} errors={errors} onChange={onChange} />
        <ExpiryField value={draft.expiry} onChange={(expiry) => onChange({ expiry })} error={errors.expiry} />
        <Group justify="flex-end">
          <Button type="submit">Next: scopes</Button>
        </Group>
      </Stack>
    </form>
  );
};
