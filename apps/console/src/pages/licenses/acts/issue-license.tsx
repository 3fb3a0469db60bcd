import { createLicenseRequest, type License } from '@bastionary/contracts/licenses';
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { policyChoicesQuery } from '../../../api/license-policies';
import { createLicense, licenseKeys } from '../../../api/licenses';
import { Command } from '../../../ui/command';
import { CreationDialog } from '../../../ui/creation-dialog';
import { Dialog } from '../../../ui/dialog';
import { More } from '../../../ui/more';
import { NumberField } from '../../../ui/number-field';
import { SearchSelect } from '../../../ui/search-select';
import { useCreation } from '../../../ui/use-creation';
import { CustomerSelect } from '../../customers/customer-select';
import { Sentences } from '../../license-policies/policy-fields';

type Props = { customerId: string | null; policyId: string; onClose: () => void };

/** Issues a licence by hand, and shows its key. */
export const IssueLicense = ({ customerId, policyId, onClose }: Props) => {
  const policies = useQuery(policyChoicesQuery).data?.data ?? [];
  const [issued, setIssued] = useState<License | null>(null);
  const [draft, setDraft] = useState({
    policy: policyId,
    customer: customerId,
    name: '',
    seats: '',
    expires: '',
    key: '',
  });
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }));
  const policy = policies.find(({ id }) => id === draft.policy);
  const creation = useCreation({
    schema: createLicenseRequest,
    create: createLicense,
    stale: licenseKeys.all,
    done: () => 'The licence is issued.',
    onCreated: setIssued,
  });
  const { faults } = creation;

  const submit = () => {
    const { name, customer, seats, expires, key } = draft;
    const own: Record<string, string> = {
      ...(draft.policy === '' && { policy: 'choose one' }),
      ...(seats.trim() !== '' && !/^\d+$/.test(seats.trim()) && { max_machines: 'must be a whole number' }),
    };
    creation.submit(
      {
        policy: draft.policy,
        ...(customer !== null && { customer_id: customer }),
        ...(name.trim() && { name: name.trim() }),
        ...(seats.trim() && { max_machines: Number(seats) }),
        ...(expires && { expires_at: new Date(expires).toISOString().replace(/\.\d+Z$/, 'Z') }),
        ...(key.trim() && { key: key.trim() }),
      },
      own,
    );
  };

  if (issued) return <IssuedKey license={issued} title="The licence is issued" onClose={onClose} />;
  return (
    <CreationDialog
      title="Issue a licence"
      size="lg"
      onClose={onClose}
      onSubmit={submit}
      creation={creation}
      confirmLabel="Issue the licence"
    >
      <SearchSelect
        label="Policy"
        required
        placeholder="Choose one"
        data={policies.map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.policy}
        onChange={(chosen) => change({ policy: chosen })}
        error={draft.policy === '' && faults.policy}
      />
      {policy && (
        <More label="What the policy means">
          <Sentences of={policy.summary} />
        </More>
      )}
      <CustomerSelect
        label="Customer"
        description="May be left empty; what the customer is entitled to, the licence has too"
        value={draft.customer}
        onChange={(customer) => change({ customer })}
        error={faults.customer_id}
      />
      <TextInput
        label="Name"
        description="Optional; what it is found by"
        autoComplete="off"
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        error={faults.name}
      />
      {policy?.floating !== false && (
        <NumberField
          label="Seats"
          placeholder={policy ? `${policy.max_machines?.toLocaleString() ?? 'any number'}, by the policy` : ''}
          value={draft.seats}
          onChange={(seats) => change({ seats })}
          error={faults.max_machines}
        />
      )}
      <TextInput
        label="Expires (empty: by the policy)"
        type="datetime-local"
        value={draft.expires}
        onChange={(event) => change({ expires: event.currentTarget.value })}
        error={faults.expires_at}
      />
      {policy?.scheme === null && (
        <More label="Bring a key along from elsewhere" isNeeded={Boolean(faults.key)}>
          <TextInput
            label="Key"
            description="24 characters at least; empty: a new random one"
            autoComplete="off"
            spellCheck={false}
            value={draft.key}
            onChange={(event) => change({ key: event.currentTarget.value })}
            error={faults.key}
          />
        </More>
      )}
    </CreationDialog>
  );
};

/** A key that was just made. */
export const IssuedKey = ({ license, title, onClose }: { license: License; title: string; onClose: () => void }) => {
  const navigate = useNavigate();
  const see = () => {
    onClose();
    void navigate({ to: '/licenses/$licenseId', params: { licenseId: license.id }, search: {} });
  };
  return (
    <Dialog opened onClose={onClose} title={title} size="lg">
      <Stack>
        <Command label="Licence key" command={license.key} />
        <Alert icon={<IconKey aria-hidden />} color="bastion" title="Who has the key, has the licence">
          <Text size="sm" c="inherit">
            Hand it to the customer. It can be read here again, and exchanged for another one if it leaks.
          </Text>
        </Alert>
        <Group justify="flex-end">
          <Button onClick={see} data-autofocus>
            See the licence
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
};
