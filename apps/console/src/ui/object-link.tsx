import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { RouterAnchor } from './links';

// The page of an object, by the prefix of its id.
const PAGES: Record<string, [path: string, parameter: string]> = {
  cus: ['/customers/$customerId', 'customerId'],
  sub: ['/subscriptions/$subscriptionId', 'subscriptionId'],
  inv: ['/invoices/$invoiceId', 'invoiceId'],
  res: ['/resources/$resourceId', 'resourceId'],
  lic: ['/licenses/$licenseId', 'licenseId'],
  pol: ['/license-policies/$policyId', 'policyId'],
};

type Props = { id: string; children?: ReactNode };

/** An id, or a name in its place, that leads to the object's page, where there is one. */
export const ObjectLink = ({ id, children = id }: Props) => {
  const [path, parameter] = PAGES[id.slice(0, id.indexOf('_'))] ?? [];
  if (path === undefined || parameter === undefined) return children;
  return (
    <PageLink path={path} params={{ [parameter]: id }}>
      {children}
    </PageLink>
  );
};

/** The same for a plan, named by its key or key@version. */
export const PlanLink = ({ id, children = id }: Props) => (
  <PageLink path="/catalogue/plans/$planKey" params={{ planKey: id.split('@')[0] ?? id }}>
    {children}
  </PageLink>
);

const PageLink = ({ path, params, children }: { path: string; params: object; children: ReactNode }) => {
  const { routesByPath } = useRouter();
  if (!Object.hasOwn(routesByPath, path)) return children;
  return (
    <RouterAnchor to={path as string} params={params as never} search={{} as never} inherit underline="always">
      {children}
    </RouterAnchor>
  );
};
