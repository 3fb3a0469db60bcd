import { useRouter } from '@tanstack/react-router';
import { RouterAnchor } from './links';

// The page of an object, by the prefix of its id.
const PAGES: Record<string, [path: string, parameter: string]> = {
  cus: ['/customers/$customerId', 'customerId'],
  sub: ['/subscriptions/$subscriptionId', 'subscriptionId'],
  res: ['/resources/$resourceId', 'resourceId'],
};

/** An id or a name that leads to the object's page, where there is one. */
export const ObjectLink = ({ id, children = id }: { id: string; children?: React.ReactNode }) => {
  const [path, parameter] = PAGES[id.slice(0, id.indexOf('_'))] ?? [];
  const router = useRouter();
  if (path === undefined || parameter === undefined || !Object.hasOwn(router.routesByPath, path)) return children;
  return (
    <RouterAnchor to={path as string} params={{ [parameter]: id } as never} search={{} as never} inherit>
      {children}
    </RouterAnchor>
  );
};
