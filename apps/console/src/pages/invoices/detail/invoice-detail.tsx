import type { Invoice } from '@bastionary/contracts/invoices';
import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload, IconFileOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError } from '../../../api/http';
import { invoiceQuery, pdfOf } from '../../../api/invoices';
import { usePermission } from '../../../api/session';
import { CopyableId } from '../../../ui/copyable-id';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorAlert } from '../../../ui/error-alert';
import { RouterAnchor, RouterButton } from '../../../ui/links';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { Panel } from '../../../ui/panel';
import { InvoiceStatusBadge } from '../invoice-status';
import { AskedDialog } from './actions/asked-dialog';
import { type Asked, InvoiceActions } from './actions/invoice-actions';
import { Anomalies } from './anomalies';
import { CreditNotesPanel } from './credit-notes-panel';
import { DocumentPanel } from './document-panel';
import classes from './invoice-detail.module.css';
import { InvoiceFacts } from './invoice-facts';
import { InvoiceTimeline } from './invoice-timeline';
import { Lines } from './lines';
import { PaymentsPanel } from './payments-panel';
import { Sums } from './sums';

const route = getRouteApi('/signed-in/invoices/$invoiceId');

export const InvoiceDetailPage = () => {
  const { invoiceId } = route.useParams();
  const maySee = usePermission('invoices:read');
  const { data, error, refetch } = useQuery({ ...invoiceQuery(invoiceId), enabled: maySee });
  if (!maySee) return <MissingPermission permission="invoices:read" />;
  if (error instanceof ApiError && error.status === 404) return <InvoiceNotFound id={invoiceId} />;
  if (error) return <ErrorAlert error={error} onRetry={() => refetch()} />;
  if (!data) return <DetailSkeleton />;
  return <Detail invoice={data} />;
};

const Detail = ({ invoice }: { invoice: Invoice }) => {
  const { id, number, status, customer_name, lines, currency } = invoice;
  const [asked, setAsked] = useState<Asked | null>(null);
  const isDraft = status === 'draft';
  return (
    <>
      <PageHeader
        above={
          <RouterAnchor to="/invoices" search={{}} size="sm">
            ← Invoices
          </RouterAnchor>
        }
        title={isDraft ? `Draft for ${customer_name}` : `Invoice ${number}`}
        titleAside={<InvoiceStatusBadge invoice={invoice} />}
        description={<CopyableId id={id} what="invoice id" />}
        actions={
          <>
            {!isDraft && (
              <Button
                component="a"
                href={pdfOf(id)}
                download
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
              >
                PDF
              </Button>
            )}
            <InvoiceActions invoice={invoice} onAsk={setAsked} />
          </>
        }
      />
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.main}>
          {isDraft && <Anomalies invoice={invoice} />}
          <Panel title="Lines">
            {lines.length === 0 ? (
              <Text size="sm" c="dimmed">
                Nothing is owed for this period.
              </Text>
            ) : (
              <Lines lines={lines} currency={currency} />
            )}
            <Sums invoice={invoice} />
          </Panel>
          {!isDraft && <PaymentsPanel invoice={invoice} />}
          {!isDraft && <CreditNotesPanel invoice={invoice} />}
        </Stack>
        <div className={classes.facts}>
          <InvoiceFacts invoice={invoice} />
        </div>
        <Stack gap="lg" className={classes.rest}>
          {!isDraft && <DocumentPanel invoice={invoice} />}
          <InvoiceTimeline invoiceId={id} />
        </Stack>
      </div>
      {asked !== null && <AskedDialog asked={asked} invoice={invoice} onClose={() => setAsked(null)} />}
    </>
  );
};

const InvoiceNotFound = ({ id }: { id: string }) => (
  <>
    <PageHeader title="No such invoice" />
    <EmptyState
      icon={IconFileOff}
      title="There is no invoice with this id"
      action={<RouterButton to="/invoices">See all invoices</RouterButton>}
    >
      <code>{id}</code> is not an invoice of this installation. A draft that was deleted, or taken over by another, is
      gone.
    </EmptyState>
  </>
);

const DetailSkeleton = () => (
  <Stack aria-busy>
    <Skeleton width="12rem" height={28} />
    <Skeleton width="18rem" height={16} />
    <Skeleton height={320} radius="lg" mt="lg" />
  </Stack>
);
