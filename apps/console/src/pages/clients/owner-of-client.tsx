import { CustomerLink } from '../customers/customer-link';

/** Whose program it is. */
export const OwnerOfClient = ({ customerId }: { customerId: string | null }) =>
  customerId === null ? 'the installation itself' : <CustomerLink id={customerId} />;
