import type { HandedLink as Link, Operator, Role } from '@bastionary/contracts/operators';
import { mayGrantRole } from '@bastionary/contracts/permissions';
import { Button, List, Menu, Stack } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  deleteOperator,
  endSessionsOf,
  newSignInLink,
  operatorKeys,
  removeSecondFactorsOf,
  updateOperator,
} from '../../api/operators';
import { usePermission, useSession } from '../../api/session';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { Dialog } from '../../ui/dialog';
import { toast } from '../../ui/toast';
import { HandedLink } from './handed-link';
import { RoleSelect } from './role-select';

type Act = {
  label: string;
  title: string;
  consequences: string[];
  done: string;
  run: (role: Role) => Promise<unknown>;
  isDangerous?: boolean;
  asksRole?: boolean;
};

/** Everything that can be done to an operator, with what follows from it. */
const actsFor = ({ id, name, email, status, second_factors }: Operator): Act[] => [
  {
    label: 'Change the role',
    title: `Change the role of ${name}`,
    consequences: ['Every session of theirs ends at once; they sign in again with the new role.'],
    done: `${name} has another role.`,
    run: (role) => updateOperator(id, { role }),
    asksRole: true,
  },
  {
    label: 'Sign out everywhere',
    title: `Sign ${name} out everywhere?`,
    consequences: ['Every session of theirs ends at once. They may sign in again.'],
    done: `${name} is signed out.`,
    run: () => endSessionsOf(id),
  },
  ...(second_factors.totp || second_factors.passkeys > 0
    ? [
        {
          label: 'Remove second factors',
          title: `Remove the second factors of ${name}?`,
          consequences: [
            'Authenticator app, passkeys and recovery codes stop working.',
            'Every session of theirs ends.',
          ],
          done: `${name} signs in with a password alone.`,
          run: () => removeSecondFactorsOf(id),
          isDangerous: true,
        },
      ]
    : []),
  status === 'suspended'
    ? {
        label: 'Resume',
        title: `Resume ${name}?`,
        consequences: ['They can sign in again, as before.'],
        done: `${name} may sign in again.`,
        run: () => updateOperator(id, { status: 'active' }),
      }
    : {
        label: 'Suspend',
        title: `Suspend ${name}?`,
        consequences: [
          'Every session and sign-in link of theirs ends at once.',
          'Nothing is lost; you can resume them.',
        ],
        done: `${name} is suspended.`,
        run: () => updateOperator(id, { status: 'suspended' }),
        isDangerous: true,
      },
  {
    label: 'Delete',
    title: `Delete ${name}?`,
    consequences: [
      'They are signed out at once, everywhere.',
      `${email ?? 'The address'} can be invited again.`,
      'Their records in the audit log stay.',
    ],
    done: `${name} is deleted.`,
    run: () => deleteOperator(id),
    isDangerous: true,
  },
];

export const OperatorActions = ({ operator }: { operator: Operator }) => {
  const session = useSession();
  const mayWrite = usePermission('operators:write');
  const queryClient = useQueryClient();
  const [act, setAct] = useState<Act | null>(null);
  const [role, setRole] = useState<Role>(operator.role);
  const [link, setLink] = useState<Link | null>(null);
  const perform = useMutation({
    mutationFn: (asked: Act) => asked.run(role),
    onSuccess: async (_result, asked) => {
      setAct(null);
      toast(asked.done);
      await queryClient.invalidateQueries({ queryKey: operatorKeys.all });
    },
  });
  const handOver = useMutation({
    mutationFn: () => newSignInLink(operator.id),
    onSuccess: setLink,
    onError: (error) => toast(error.message),
  });
  const ask = (asked: Act) => {
    perform.reset();
    setRole(operator.role);
    setAct(asked);
  };
  if (!mayWrite || !mayGrantRole(session?.operator.role ?? null, new Set(session?.permissions), operator.role))
    return null;

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="compact-sm" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {operator.status !== 'suspended' && (
            <Menu.Item onClick={() => handOver.mutate()}>New one-time sign-in link</Menu.Item>
          )}
          {actsFor(operator).map((one) => (
            <Menu.Item
              key={one.label}
              {...(one.isDangerous && { c: 'var(--mantine-color-error)' })}
              onClick={() => ask(one)}
            >
              {one.label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Dialog opened={link !== null} onClose={() => setLink(null)} title={`A link for ${operator.name}`}>
        {link && <HandedLink link={link} onClose={() => setLink(null)} />}
      </Dialog>
      {act && (
        <ConfirmDialog
          opened
          onClose={() => setAct(null)}
          title={act.title}
          confirmLabel={act.label}
          isDangerous={act.isDangerous ?? false}
          isPending={perform.isPending}
          error={perform.error}
          onConfirm={() => perform.mutate(act)}
        >
          <Stack>
            {act.asksRole && (
              <RoleSelect value={role} onChange={(event) => setRole(event.currentTarget.value as Role)} />
            )}
            <List size="sm" spacing="xs">
              {act.consequences.map((consequence) => (
                <List.Item key={consequence}>{consequence}</List.Item>
              ))}
            </List>
          </Stack>
        </ConfirmDialog>
      )}
    </>
  );
};
