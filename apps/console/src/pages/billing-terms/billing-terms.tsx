import { Stack } from '@mantine/core';
import { usePermission } from '../../api/session';
import { MissingPermission } from '../../ui/missing-permission';
import { PageHeader } from '../../ui/page-header';
import { Coupons } from './coupons';
import { TaxRates } from './tax-rates';

/** What is taken off invoices, and what is put on them. */
export const BillingTermsPage = () => {
  const maySee = usePermission('billing:read');
  if (!maySee) return <MissingPermission permission="billing:read" />;
  return (
    <>
      <PageHeader
        title="Coupons and taxes"
        description="They never change: what is retired is given to nobody any more, and stays on what was billed."
      />
      <Stack gap="lg">
        <Coupons />
        <TaxRates />
      </Stack>
    </>
  );
};
