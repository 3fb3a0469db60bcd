import type { ExplainChange, ExplainRequest, Explanation } from '@bastionary/contracts/explain';
import type { Permission } from '@bastionary/contracts/permissions';
import { Button, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconWand } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { carryOut } from '../../api/explain';
import { useSession } from '../../api/session';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { RouterButton } from '../../ui/links';
import { Panel } from '../../ui/panel';
import { toast } from '../../ui/toast';
import { Fact } from './fact';
import classes from './smallest-change.module.css';

type Proposed = NonNullable<Explanation['smallest_change']>;

const NEEDS: Record<ExplainChange['act'], Permission> = {
  update_client: 'clients:write',
  update_credential: 'clients:write',
  add_credential: 'clients:write',
  resume_customer: 'customers:write',
  set_override: 'entitlements:write',
  delete_override: 'entitlements:write',
  pay_invoice: 'payments:write',
  update_subscription: 'subscriptions:write',
  reinstate_license: 'licenses:write',
  renew_license: 'licenses:write',
  update_license: 'licenses:write',
  check_in_license: 'licenses:write',
  activate_machine: 'licenses:write',
  deactivate_machine: 'licenses:write',
  ping_machine: 'licenses:write',
};

/** What would turn the answer, and the button that does it: after a question, and then the answer is asked for again. */
export const SmallestChange = ({ change, request }: { change: Proposed; request: ExplainRequest }) => {
  const permissions = useSession()?.permissions ?? [];
  const queryClient = useQueryClient();
  const [isAsking, ask] = useDisclosure(false);
  const changes: ExplainChange[] = [change, ...change.also];
  const act = useMutation({
    mutationFn: () => carryOut(changes),
    onSuccess: async () => {
      ask.close();
      await queryClient.invalidateQueries();
      toast('It is done; the question is asked again.');
    },
  });
  // A new secret is shown once, by the page that makes it: not here, where nobody would see it.
  const isForPerson = changes.some((one) => one.request === null || one.act === 'add_credential');
  const isAllowed = changes.every((one) => permissions.includes(NEEDS[one.act]));

  return (
    <Panel title="The smallest change that would turn it">
      <Stack gap="sm" align="flex-start">
        <Sentences of={changes} />
        {!isForPerson && isAllowed && (
          <Button leftSection={<IconWand size={16} aria-hidden />} onClick={ask.open}>
            Do this
          </Button>
        )}
        {isForPerson && request.client_id !== undefined && change.act === 'add_credential' && (
          <RouterButton
            to="/clients/$clientId"
            params={{ clientId: request.client_id }}
            search={{ tab: 'credentials' }}
            variant="default"
          >
            Go to its credentials
          </RouterButton>
        )}
        {change.act === 'pay_invoice' && (
          <RouterButton to="/invoices/$invoiceId" params={{ invoiceId: change.target }} variant="default">
            Go to the invoice
          </RouterButton>
        )}
        {!isForPerson && !isAllowed && (
          <Text size="sm" c="dimmed">
            Your role may ask, not change this. It needs {[...new Set(changes.map((one) => NEEDS[one.act]))].join(', ')}
            .
          </Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => {
          act.reset();
          ask.close();
        }}
        title="Make this change?"
        confirmLabel="Make the change"
        onConfirm={() => act.mutate()}
        isPending={act.isPending}
        error={act.error}
      >
        <Sentences of={changes} />
        {changes.map(({ request: sent, act: name, target }) => (
          <Text key={`${name} ${target}`} size="xs" c="dimmed" component="code" className={classes.request}>
            {sent?.method} {sent?.path}
          </Text>
        ))}
      </ConfirmDialog>
    </Panel>
  );
};

const Sentences = ({ of }: { of: readonly ExplainChange[] }) =>
  of.length === 1 ? (
    of.map(({ target, detail }) => (
      <Text key={target} size="sm">
        <Fact words={detail} />
      </Text>
    ))
  ) : (
    <List type="ordered" size="sm" spacing="xs">
      {of.map(({ target, act, detail }) => (
        <List.Item key={`${act} ${target}`}>
          <Fact words={detail} />
        </List.Item>
      ))}
    </List>
  );
