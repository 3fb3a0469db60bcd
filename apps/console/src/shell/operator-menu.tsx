import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconSelector, IconUserShield } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../api/session';
import { useSearchShortcutSetting } from '../ui/search-shortcut';
import classes from './operator-menu.module.css';
import { useSignOut } from './use-sign-out';

export const OperatorMenu = () => {
  const session = useSession();
  const navigate = useNavigate();
  const [hasShortcut, setShortcut] = useSearchShortcutSetting();
  const leave = useSignOut();
  if (!session) return null;
  const { name, email, role } = session.operator;

  return (
    <Menu position="top-start" width="target">
      <Menu.Target>
        <UnstyledButton className={classes.target}>
          <Avatar name={name} size={32} color="bastion" aria-hidden />
          <span className={classes.words}>
            <Text size="sm" fw={600} truncate>
              {name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {role}
            </Text>
          </span>
          <IconSelector size={16} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {email && <Menu.Label className={classes.email}>{email}</Menu.Label>}
        <Menu.CheckboxItem checked={hasShortcut} onChange={setShortcut}>
          “/” goes to the search
        </Menu.CheckboxItem>
        <Menu.Item
          leftSection={<IconUserShield size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/account' })}
        >
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
