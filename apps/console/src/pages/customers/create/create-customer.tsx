import type { CreateCustomerRequest } from '@bastionary/contracts/customers';
import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createCustomer, customerKeys } from '../../../api/customers';
import { ApiError } from '../../../api/http';
import { idempotencyKey } from '../../../api/idempotency-key';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { toast } from '../../../ui/toast';
import { type CustomerDraft, type CustomerFaults, emptyCustomer, writeCustomer } from '../customer-draft';
import { CustomerFields } from '../customer-fields';

export const CreateCustomerPage = () => {
  const mayCreate = usePermission('customers:write');
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<CustomerDraft>(emptyCustomer);
  const [faults, setFaults] = useState<CustomerFaults>({});
  const [key, setKey] = useState(idempotencyKey);
  const create = useMutation({
    mutationFn: (body: CreateCustomerRequest) => createCustomer(body, key),
    onSuccess: async (customer) => {
      toast(`${customer.name} is created.`);
      await navigate({ to: '/customers/$customerId', params: { customerId: customer.id }, search: {} });
      await queryClient.invalidateQueries({ queryKey: customerKeys.all });
    },
    onError: (error) => {
      setFaults(error instanceof ApiError ? error.fieldErrors : {});
      setKey(idempotencyKey());
    },
  });

  const change = (part: Partial<CustomerDraft>) => {
    setDraft({ ...draft, ...part });
    setFaults({});
    // Another content is another intent.
    setKey(idempotencyKey());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.reset();
    const written = writeCustomer(draft);
    setFaults('faults' in written ? written.faults : {});
    if ('body' in written) create.mutate(written.body);
  };

  if (!mayCreate) return <MissingPermission permission="customers:write" />;
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/customers" search={{}} size="sm">
            ← Customers
          </RouterAnchor>
        }
        title="Create a customer"
        description="It can subscribe to plans and own clients as soon as it exists."
      />
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          <CustomerFields draft={draft} change={change} faults={faults} />
          {create.error && <ErrorAlert error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <RouterButton to="/customers" search={{}} variant="default">
              Cancel
            </RouterButton>
            <Button type="submit" loading={create.isPending}>
              Create the customer
            </Button>
          </Group>
        </Stack>
      </form>
    </>
  );
};
