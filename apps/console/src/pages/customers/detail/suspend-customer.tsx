import type { Customer } from '@bastionary/contracts/customers';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { usePermission } from '../../../api/session';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Consequences } from '../../../ui/consequences';
import { UpdateError } from '../../audit/update-error';
import { conflictOf, useUpdateCustomer } from './use-update-customer';

type Props = { customer: Customer; etag: string };

const WHEN_SUSPENDED = [
  'None of its clients gets a token from now on.',
  'Their tokens are refused at introspection and at this installation’s own API within a second. A program that only checks signatures accepts them until they expire.',
  'Nothing can be reserved of its limits; what is reserved can be given back.',
  'Its subscriptions go on, and nothing is lost: you can resume it at any time.',
];
const WHEN_RESUMED = [
  'Its clients get tokens again, with the secrets and scopes they have.',
  'Tokens from before the suspension that have not expired work again.',
];

/** Suspends a customer, or resumes it: a question that says what follows. */
export const SuspendCustomer = ({ customer, etag }: Props) => {
  const mayWrite = usePermission('customers:write');
  const [isAsked, dialog] = useDisclosure(false);
  const isSuspended = customer.status === 'suspended';
  const update = useUpdateCustomer(customer.id, etag, dialog.close);
  const close = () => {
    update.reset();
    dialog.close();
  };
  if (!mayWrite) return null;

  const Icon = isSuspended ? IconPlayerPlay : IconPlayerPause;
  const verb = isSuspended ? 'Resume' : 'Suspend';
  return (
    <>
      <Button variant="default" leftSection={<Icon size={16} aria-hidden />} onClick={dialog.open}>
        {verb}
      </Button>
      <ConfirmDialog
        opened={isAsked}
        onClose={close}
        title={`${verb} ${customer.name}?`}
        confirmLabel={verb}
        isDangerous={!isSuspended}
        isPending={update.isPending}
        error={null}
        onConfirm={() =>
          update.mutate({
            body: { status: isSuspended ? 'active' : 'suspended' },
            done: isSuspended ? `${customer.name} is active again.` : `${customer.name} is suspended.`,
          })
        }
      >
        <Consequences of={isSuspended ? WHEN_RESUMED : WHEN_SUSPENDED} />
        {update.error && <UpdateError error={update.error} {...conflictOf(customer.id)} onReload={close} />}
      </ConfirmDialog>
    </>
  );
};
