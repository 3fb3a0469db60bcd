import { useQuery } from '@tanstack/react-query';
import { customerQuery } from '../../api/customers';

/** Who it is, by name as soon as that is known. */
export const CustomerName = ({ id }: { id: string }) => {
  const { data } = useQuery({ ...customerQuery(id), staleTime: 60_000 });
  return data?.customer.name ?? id;
};
