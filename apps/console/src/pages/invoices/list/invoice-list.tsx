import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { usePermission } from '../../../api/session';
import { MissingPermission } from '../../../ui/missing-permission';
import { PageHeader } from '../../../ui/page-header';
import { PageTabs } from '../../../ui/page-tabs';
import { ReviewQueue } from '../review/review-queue';
import { ExportInvoices } from './export-invoices';
import { InvoiceFilterBar } from './invoice-filter-bar';
import { INVOICE_VIEWS } from './invoice-list-search';
import { InvoiceRows } from './invoice-rows';
import { VIEW_LABELS } from './invoice-views';

const route = getRouteApi('/signed-in/invoices');

export const InvoiceListPage = () => {
  const { view = 'all', cursor: _, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const maySee = usePermission('invoices:read');
  if (!maySee) return <MissingPermission permission="invoices:read" />;
  return (
    <>
      <PageHeader
        title="Invoices"
        description="What customers were asked to pay. A finalized invoice never changes: a credit note takes it back."
        actions={<ExportInvoices />}
      />
      <PageTabs
        tabs={INVOICE_VIEWS}
        labels={VIEW_LABELS}
        value={view}
        onChange={(next) => navigate({ search: { ...filter, view: next === 'all' ? undefined : next } })}
      >
        <Tabs.Panel value={view}>
          <InvoiceFilterBar />
          {view === 'review' ? <ReviewQueue /> : <InvoiceRows />}
        </Tabs.Panel>
      </PageTabs>
    </>
  );
};
