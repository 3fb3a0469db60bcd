import type { Invoice, Payment } from '@bastionary/contracts/invoices';
import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { paymentsQuery } from '../../../api/payments';
import { usePermission } from '../../../api/session';
import { ErrorAlert } from '../../../ui/error-alert';
import { Panel } from '../../../ui/panel';
import { PaymentRows } from '../../payments/payment-rows';
import { RefundDialog } from '../../payments/refund-dialog';

export const PaymentsPanel = ({ invoice }: { invoice: Invoice }) => {
  const mayRefund = usePermission('payments:write');
  const { data, error, refetch } = useQuery(paymentsQuery({ invoice_id: invoice.id, limit: 100 }));
  const [refunded, setRefunded] = useState<Payment | null>(null);
  return (
    <Panel title="Payments">
      {error && <ErrorAlert error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton height={60} />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          {invoice.amount_due === '0' ? 'None was needed.' : 'Nothing was received yet.'}
        </Text>
      )}
      {data && data.data.length > 0 && (
        <PaymentRows payments={data.data} {...(mayRefund && { onRefund: setRefunded })} />
      )}
      {refunded && <RefundDialog payment={refunded} onClose={() => setRefunded(null)} />}
    </Panel>
  );
};
