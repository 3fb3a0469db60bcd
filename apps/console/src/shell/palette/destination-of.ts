import type { SearchHit, SearchKind } from '@bastionary/contracts/search';
import {
  IconBan,
  IconBuilding,
  IconFileInvoice,
  IconGauge,
  IconLicense,
  IconPackage,
  IconRepeat,
  IconRobot,
  IconServer,
  IconToggleRight,
  IconUser,
  IconWebhook,
  type TablerIcon,
} from '@tabler/icons-react';
import type { LinkProps } from '@tanstack/react-router';

export interface Destination {
  readonly to: NonNullable<LinkProps['to']>;
  readonly params?: Record<string, string>;
  readonly search?: Record<string, string>;
}

interface Kind {
  /** What hits of this kind stand below. */
  readonly label: string;
  readonly icon: TablerIcon;
  readonly destination: (id: string) => Destination;
}

export const KINDS: Record<SearchKind, Kind> = {
  customer: {
    label: 'Customers',
    icon: IconBuilding,
    destination: (customerId) => ({ to: '/customers/$customerId', params: { customerId } }),
  },
  client: {
    label: 'Clients',
    icon: IconRobot,
    destination: (clientId) => ({ to: '/clients/$clientId', params: { clientId } }),
  },
  subscription: {
    label: 'Subscriptions',
    icon: IconRepeat,
    destination: (subscriptionId) => ({ to: '/subscriptions/$subscriptionId', params: { subscriptionId } }),
  },
  invoice: {
    label: 'Invoices',
    icon: IconFileInvoice,
    destination: (invoiceId) => ({ to: '/invoices/$invoiceId', params: { invoiceId } }),
  },
  license: {
    label: 'Licences',
    icon: IconLicense,
    destination: (licenseId) => ({ to: '/licenses/$licenseId', params: { licenseId } }),
  },
  plan: {
    label: 'Plans',
    icon: IconPackage,
    destination: (planKey) => ({ to: '/catalogue/plans/$planKey', params: { planKey } }),
  },
  feature: {
    label: 'Features',
    icon: IconToggleRight,
    destination: () => ({ to: '/catalogue', search: { tab: 'features' } }),
  },
  meter: { label: 'Meters', icon: IconGauge, destination: () => ({ to: '/catalogue' }) },
  resource: {
    label: 'Resources',
    icon: IconServer,
    destination: (resourceId) => ({ to: '/resources/$resourceId', params: { resourceId } }),
  },
  webhook: {
    label: 'Webhooks',
    icon: IconWebhook,
    destination: (webhookId) => ({ to: '/webhooks/$webhookId', params: { webhookId } }),
  },
  operator: { label: 'Operators', icon: IconUser, destination: () => ({ to: '/operators' }) },
  refused_request: {
    label: 'Refused requests',
    icon: IconBan,
    destination: (trace_id) => ({ to: '/failures', search: { trace_id } }),
  },
};

/** The page that shows what was found. */
export const destinationOf = ({ kind, id }: SearchHit): Destination => KINDS[kind].destination(id);
