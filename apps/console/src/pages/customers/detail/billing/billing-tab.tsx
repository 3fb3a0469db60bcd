import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { billingProfileQuery } from '../../../../api/billing-terms';
import { ErrorAlert } from '../../../../ui/error-alert';
import { CouponsPanel } from './coupons-panel';
import { ProfilePanel } from './profile-panel';

/** How a customer is billed: taxes, terms of payment, coupons. */
export const BillingTab = ({ customerId }: { customerId: string }) => {
  const { data, error, refetch } = useQuery(billingProfileQuery(customerId));
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <Skeleton height={260} radius="lg" aria-busy />;
  return (
    <Stack gap="lg">
      <ProfilePanel profile={data.profile} etag={data.etag} />
      <CouponsPanel profile={data.profile} />
    </Stack>
  );
};
