import { useQuery } from '@tanstack/react-query';
import { customerQuery } from '../../api/customers';
import { usePermission } from '../../api/session';
import { RouterAnchor } from '../../ui/links';

/** The name of a customer, leading there; its id while the name is not known. */
export const CustomerLink = ({ id }: { id: string }) => {
  const maySee = usePermission('customers:read');
  const { data } = useQuery({ ...customerQuery(id), enabled: maySee, staleTime: 60_000 });
  if (!maySee) return <code>{id}</code>;
  return (
    <RouterAnchor to="/customers/$customerId" params={{ customerId: id }} search={{}} inherit>
      {data?.customer.name ?? id}
    </RouterAnchor>
  );
};
