import type { Permission } from '@bastionary/contracts/permissions';
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconLogout, IconMoon, IconPlus, IconSun, IconUpload, IconUserShield } from '@tabler/icons-react';
import { useSession } from '../../api/session';
import { GROUPS } from '../navigation';
import { useSignOut } from '../use-sign-out';
import type { Entry } from './entry';

const CREATING: (Entry & { needs: Permission })[] = [
  {
    id: 'create-client',
    label: 'Create client',
    icon: IconPlus,
    act: { to: '/clients/actions/create' },
    needs: 'clients:write',
  },
  {
    id: 'import-clients',
    label: 'Import clients',
    icon: IconUpload,
    act: { to: '/clients/actions/import' },
    needs: 'clients:write',
  },
  {
    id: 'create-resource',
    label: 'Create resource',
    icon: IconPlus,
    act: { to: '/resources/actions/create' },
    needs: 'resources:write',
  },
  {
    id: 'create-customer',
    label: 'Create customer',
    icon: IconPlus,
    act: { to: '/customers/actions/create' },
    needs: 'customers:write',
  },
  {
    id: 'create-subscription',
    label: 'Create subscription',
    icon: IconPlus,
    act: { to: '/subscriptions/actions/create' },
    needs: 'subscriptions:write',
  },
  {
    id: 'issue-license',
    label: 'Issue a licence',
    icon: IconPlus,
    act: { to: '/licenses', search: { issue: 'yes' } },
    needs: 'licenses:write',
  },
  {
    id: 'create-license-policy',
    label: 'Create licence policy',
    icon: IconPlus,
    act: { to: '/license-policies/actions/create' },
    needs: 'license_policies:write',
  },
];

/** What the palette offers without asking the api: pages, and what can be done from anywhere. */
export const useOwnEntries = (): { pages: Entry[]; actions: Entry[] } => {
  const permissions = useSession()?.permissions ?? [];
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = useComputedColorScheme('light');
  const leave = useSignOut();
  const isAllowed = ({ needs }: { needs?: Permission }) => needs === undefined || permissions.includes(needs);

  const pages = GROUPS.flatMap(({ items }) => items)
    .filter(isAllowed)
    .map(({ to, label, icon }): Entry => ({ id: `page-${to}`, label, icon, act: { to } }));
  const [other, icon] = scheme === 'dark' ? (['light', IconSun] as const) : (['dark', IconMoon] as const);
  return {
    pages: [...pages, { id: 'account', label: 'Your account', icon: IconUserShield, act: { to: '/account' } }],
    actions: [
      ...CREATING.filter(isAllowed),
      { id: 'scheme', label: `Switch to ${other} colours`, icon, act: () => setColorScheme(other) },
      { id: 'sign-out', label: 'Sign out', icon: IconLogout, act: () => leave.mutate() },
    ],
  };
};
