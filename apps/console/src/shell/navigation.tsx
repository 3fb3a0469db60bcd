import type { Permission } from '@bastionary/contracts/permissions';
import { Text } from '@mantine/core';
import {
  IconActivity,
  IconBan,
  IconBellRinging,
  IconBuilding,
  IconCertificate,
  IconChartBar,
  IconChecklist,
  IconCreditCard,
  IconFileInvoice,
  IconFileSearch,
  IconGauge,
  IconHelpCircle,
  IconHistory,
  IconHourglassLow,
  IconKey,
  IconLayoutDashboard,
  IconLicense,
  IconReceiptRefund,
  IconReceiptTax,
  IconRepeat,
  IconRobot,
  IconRun,
  IconScale,
  IconServer,
  IconShieldLock,
  IconTags,
  IconUsers,
  IconWallet,
  IconWebhook,
  type TablerIcon,
} from '@tabler/icons-react';
import { type LinkProps, useMatchRoute } from '@tanstack/react-router';
import { useSession } from '../api/session';
import { RouterNavLink } from '../ui/links';
import classes from './navigation.module.css';

type Item = { to: NonNullable<LinkProps['to']>; label: string; icon: TablerIcon; needs?: Permission };

/** The pages, as they stand in the rail; the palette knows them from here. */
export const GROUPS: { label: string | null; items: Item[] }[] = [
  { label: null, items: [{ to: '/', label: 'Overview', icon: IconLayoutDashboard }] },
  {
    label: 'Access',
    items: [
      { to: '/clients', label: 'Clients', icon: IconRobot, needs: 'clients:read' },
      { to: '/resources', label: 'Resources', icon: IconServer, needs: 'clients:read' },
      { to: '/failures', label: 'Refused requests', icon: IconBan, needs: 'failures:read' },
      { to: '/explain', label: 'Explain', icon: IconHelpCircle, needs: 'explain:read' },
      { to: '/token-inspector', label: 'Token inspector', icon: IconFileSearch, needs: 'tokens:read' },
      { to: '/signing-keys', label: 'Signing keys', icon: IconKey, needs: 'keys:read' },
    ],
  },
  {
    label: 'Revenue',
    items: [
      { to: '/customers', label: 'Customers', icon: IconBuilding, needs: 'customers:read' },
      { to: '/subscriptions', label: 'Subscriptions', icon: IconRepeat, needs: 'subscriptions:read' },
      { to: '/catalogue', label: 'Catalogue', icon: IconTags, needs: 'catalogue:read' },
    ],
  },
  {
    label: 'Licensing',
    items: [
      { to: '/licenses', label: 'Licences', icon: IconLicense, needs: 'licenses:read' },
      { to: '/license-policies', label: 'Licence policies', icon: IconCertificate, needs: 'licenses:read' },
      { to: '/license-tester', label: 'Validate', icon: IconChecklist, needs: 'licenses:read' },
      { to: '/license-keys', label: 'Licence keys', icon: IconShieldLock, needs: 'licenses:read' },
    ],
  },
  {
    label: 'Money',
    items: [
      { to: '/finance', label: 'Finance', icon: IconChartBar, needs: 'revenue:read' },
      { to: '/invoices', label: 'Invoices', icon: IconFileInvoice, needs: 'invoices:read' },
      { to: '/payments', label: 'Payments', icon: IconCreditCard, needs: 'invoices:read' },
      { to: '/credit-notes', label: 'Credit notes', icon: IconReceiptRefund, needs: 'invoices:read' },
      { to: '/receivables', label: 'Receivables', icon: IconHourglassLow, needs: 'revenue:read' },
      { to: '/dunning', label: 'Dunning', icon: IconBellRinging, needs: 'billing:read' },
      { to: '/wallets', label: 'Wallets', icon: IconWallet, needs: 'revenue:read' },
      { to: '/billing-runs', label: 'Billing runs', icon: IconRun, needs: 'billing:read' },
      { to: '/billing-terms', label: 'Coupons and taxes', icon: IconReceiptTax, needs: 'billing:read' },
      { to: '/reconciliations', label: 'Reconciliation', icon: IconScale, needs: 'revenue:read' },
      { to: '/usage', label: 'Usage', icon: IconActivity, needs: 'usage:read' },
      { to: '/meters', label: 'Meters', icon: IconGauge, needs: 'catalogue:read' },
    ],
  },
  {
    label: 'Platform',
    items: [
      { to: '/webhooks', label: 'Webhooks', icon: IconWebhook, needs: 'webhooks:read' },
      { to: '/operators', label: 'Operators', icon: IconUsers, needs: 'operators:read' },
      { to: '/audit-log', label: 'Audit log', icon: IconHistory, needs: 'audit:read' },
    ],
  },
];

export const Navigation = ({ onNavigate }: { onNavigate?: () => void }) => {
  const permissions = useSession()?.permissions ?? [];
  const isAllowed = ({ needs }: Item) => needs === undefined || permissions.includes(needs);
  return (
    <nav aria-label="Main" className={classes.nav}>
      {GROUPS.map(({ label, items }) => {
        const allowed = items.filter(isAllowed);
        if (allowed.length === 0) return null;
        return (
          <div key={label} className={classes.group}>
            {label && (
              <Text className={classes.label} c="dimmed">
                {label}
              </Text>
            )}
            {allowed.map((item) => (
              <NavigationItem key={item.to} {...item} {...(onNavigate && { onNavigate })} />
            ))}
          </div>
        );
      })}
    </nav>
  );
};

const NavigationItem = ({ to, label, icon: Icon, onNavigate }: Item & { onNavigate?: () => void }) => {
  const matches = useMatchRoute();
  const isHere = matches({ to, fuzzy: to !== '/' }) !== false;
  return (
    <RouterNavLink
      to={to}
      label={label}
      active={isHere}
      aria-current={isHere ? 'page' : undefined}
      leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
      className={classes.link}
      onClick={onNavigate}
    />
  );
};
