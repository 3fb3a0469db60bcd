import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { z } from 'zod';
import { queryClient, whenSignedOut } from './api/query-client';
import { sessionQuery } from './api/session';
import { auditSearch } from './pages/audit/audit-search';
import { catalogueSearch, planSearch } from './pages/catalogue/catalogue-search';
import { clientDetailSearch } from './pages/clients/detail/client-detail-search';
import { clientListSearch } from './pages/clients/list/client-list-search';
import { creditNoteSearch } from './pages/credit-notes/credit-note-search';
import { customerDetailSearch } from './pages/customers/detail/customer-detail-search';
import { customerListSearch } from './pages/customers/list/customer-list-search';
import { explainSearch } from './pages/explain/explain-search';
import { failureSearch } from './pages/failures/failure-search';
import {
  financeSearch,
  mrrSearch,
  receivablesSearch,
  revenueSearch,
  rowsSearch,
  walletsSearch,
} from './pages/finance/finance-search';
import { invoiceListSearch } from './pages/invoices/list/invoice-list-search';
import { policyListSearch } from './pages/license-policies/policy-list-search';
import { testerSearch } from './pages/license-tester/tester-search';
import { licenseDetailSearch, licenseListSearch } from './pages/licenses/license-list-search';
import { paymentSearch } from './pages/payments/payment-search';
import { reconciliationListSearch, reconciliationSearch } from './pages/reconciliation/reconciliation-search';
import { subscriptionListSearch } from './pages/subscriptions/subscription-list-search';
import { eventSearch, usageSearch } from './pages/usage/usage-search';
import { webhookSearch } from './pages/webhooks/webhook-search';
import { Layout } from './shell/layout';
import { NotFound, PageError, PageLoading } from './shell/page-states';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({ returnTo: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in'), 'SignInPage'),
});

const startRoute = createRoute({
  getParentRoute: () => root,
  path: '/start',
  component: lazyRouteComponent(() => import('./pages/start/start'), 'StartPage'),
});

/** Every page behind the sign-in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in', search: { returnTo: location.href }, replace: true });
    if (session.must_verify) throw redirect({ to: '/sign-in', search: { returnTo: location.href }, replace: true });
    if (session.must_set_password) throw redirect({ to: '/start', replace: true });
    if (session.must_enrol && location.pathname !== '/account') throw redirect({ to: '/account', replace: true });
  },
  component: Layout,
});

const overviewRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview'), 'OverviewPage'),
});

const clientsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients',
  validateSearch: clientListSearch,
  component: lazyRouteComponent(() => import('./pages/clients/list/client-list'), 'ClientListPage'),
});

// Two segments below /clients, because a client may be called "create".
const createClientRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/actions/create',
  validateSearch: z.object({ customer: z.string().max(64).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/clients/create/create-client'), 'CreateClientPage'),
});

const importClientsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/actions/import',
  component: lazyRouteComponent(() => import('./pages/clients/import/import-clients'), 'ImportClientsPage'),
});

const clientRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/clients/$clientId',
  validateSearch: clientDetailSearch,
  component: lazyRouteComponent(() => import('./pages/clients/detail/client-detail'), 'ClientDetailPage'),
});

const resourcesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/resources',
  component: lazyRouteComponent(() => import('./pages/resources/list/resource-list'), 'ResourceListPage'),
});

const createResourceRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/resources/actions/create',
  component: lazyRouteComponent(() => import('./pages/resources/create/create-resource'), 'CreateResourcePage'),
});

const resourceRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/resources/$resourceId',
  component: lazyRouteComponent(() => import('./pages/resources/detail/resource-detail'), 'ResourceDetailPage'),
});

const customersRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers',
  validateSearch: customerListSearch,
  component: lazyRouteComponent(() => import('./pages/customers/list/customer-list'), 'CustomerListPage'),
});

const createCustomerRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers/actions/create',
  component: lazyRouteComponent(() => import('./pages/customers/create/create-customer'), 'CreateCustomerPage'),
});

const customerRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/customers/$customerId',
  validateSearch: customerDetailSearch,
  component: lazyRouteComponent(() => import('./pages/customers/detail/customer-detail'), 'CustomerDetailPage'),
});

const failuresRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/failures',
  validateSearch: failureSearch,
  component: lazyRouteComponent(() => import('./pages/failures/failures'), 'FailuresPage'),
});

const explainRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/explain',
  validateSearch: explainSearch,
  component: lazyRouteComponent(() => import('./pages/explain/explain'), 'ExplainPage'),
});

const inspectorRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/token-inspector',
  component: lazyRouteComponent(() => import('./pages/tokens/token-inspector'), 'TokenInspectorPage'),
});

const subscriptionsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/subscriptions',
  validateSearch: subscriptionListSearch,
  component: lazyRouteComponent(() => import('./pages/subscriptions/subscription-list'), 'SubscriptionListPage'),
});

const createSubscriptionRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/subscriptions/actions/create',
  validateSearch: z.object({ customer: z.string().max(64).optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/subscriptions/create-subscription'), 'CreateSubscriptionPage'),
});

const subscriptionRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/subscriptions/$subscriptionId',
  component: lazyRouteComponent(() => import('./pages/subscriptions/subscription-detail'), 'SubscriptionDetailPage'),
});

const licensesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/licenses',
  validateSearch: licenseListSearch,
  component: lazyRouteComponent(() => import('./pages/licenses/license-list'), 'LicenseListPage'),
});

const licenseRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/licenses/$licenseId',
  validateSearch: licenseDetailSearch,
  component: lazyRouteComponent(() => import('./pages/licenses/detail/license-detail'), 'LicenseDetailPage'),
});

const licensePoliciesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/license-policies',
  validateSearch: policyListSearch,
  component: lazyRouteComponent(() => import('./pages/license-policies/policy-list'), 'PolicyListPage'),
});

const createLicensePolicyRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/license-policies/actions/create',
  component: lazyRouteComponent(() => import('./pages/license-policies/create-policy'), 'CreatePolicyPage'),
});

const licensePolicyRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/license-policies/$policyId',
  component: lazyRouteComponent(() => import('./pages/license-policies/policy-detail'), 'PolicyDetailPage'),
});

const licenseTesterRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/license-tester',
  validateSearch: testerSearch,
  component: lazyRouteComponent(() => import('./pages/license-tester/tester'), 'LicenseTesterPage'),
});

const licenseKeysRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/license-keys',
  component: lazyRouteComponent(() => import('./pages/license-keys/license-keys'), 'LicenseKeysPage'),
});

const invoicesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/invoices',
  validateSearch: invoiceListSearch,
  component: lazyRouteComponent(() => import('./pages/invoices/list/invoice-list'), 'InvoiceListPage'),
});

const invoiceRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/invoices/$invoiceId',
  component: lazyRouteComponent(() => import('./pages/invoices/detail/invoice-detail'), 'InvoiceDetailPage'),
});

const paymentsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/payments',
  validateSearch: paymentSearch,
  component: lazyRouteComponent(() => import('./pages/payments/payment-list'), 'PaymentListPage'),
});

const creditNotesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/credit-notes',
  validateSearch: creditNoteSearch,
  component: lazyRouteComponent(() => import('./pages/credit-notes/credit-note-list'), 'CreditNoteListPage'),
});

const financeRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/finance',
  validateSearch: financeSearch,
  component: lazyRouteComponent(() => import('./pages/finance/overview/finance-overview'), 'FinanceOverviewPage'),
});

const mrrRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/finance/mrr',
  validateSearch: mrrSearch,
  component: lazyRouteComponent(() => import('./pages/finance/mrr/mrr-page'), 'MrrPage'),
});

const revenueRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/finance/revenue',
  validateSearch: revenueSearch,
  component: lazyRouteComponent(() => import('./pages/finance/revenue/revenue-page'), 'RevenuePage'),
});

const financeRowsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/finance/rows/$list',
  validateSearch: rowsSearch,
  component: lazyRouteComponent(() => import('./pages/finance/rows/rows-page'), 'RowsPage'),
});

const receivablesRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/receivables',
  validateSearch: receivablesSearch,
  component: lazyRouteComponent(() => import('./pages/receivables/receivables-page'), 'ReceivablesPage'),
});

const dunningRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/dunning',
  component: lazyRouteComponent(() => import('./pages/dunning/dunning-page'), 'DunningPage'),
});

const walletsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/wallets',
  validateSearch: walletsSearch,
  component: lazyRouteComponent(() => import('./pages/wallets/wallets-page'), 'WalletsPage'),
});

const usageRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import('./pages/usage/usage-page'), 'UsagePage'),
});

const eventsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/usage/events',
  validateSearch: eventSearch,
  component: lazyRouteComponent(() => import('./pages/usage/events/events-page'), 'EventsPage'),
});

const metersRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/meters',

  component: lazyRouteComponent(() => import('./pages/meters/meter-list'), 'MeterListPage'),
});

const reconciliationsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/reconciliations',
  validateSearch: reconciliationListSearch,
  component: lazyRouteComponent(() => import('./pages/reconciliation/reconciliation-list'), 'ReconciliationListPage'),
});

const reconciliationRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/reconciliations/$reconciliationId',
  validateSearch: reconciliationSearch,
  component: lazyRouteComponent(
    () => import('./pages/reconciliation/reconciliation-detail'),
    'ReconciliationDetailPage',
  ),
});

const billingTermsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/billing-terms',
  component: lazyRouteComponent(() => import('./pages/billing-terms/billing-terms'), 'BillingTermsPage'),
});

const billingRunsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/billing-runs',
  validateSearch: z.object({ cursor: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/billing-runs/billing-runs'), 'BillingRunsPage'),
});

const signingKeysRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/signing-keys',
  component: lazyRouteComponent(() => import('./pages/signing-keys/signing-keys'), 'SigningKeysPage'),
});

const catalogueRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/catalogue',
  validateSearch: catalogueSearch,
  component: lazyRouteComponent(() => import('./pages/catalogue/catalogue'), 'CataloguePage'),
});

const planRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/catalogue/plans/$planKey',
  validateSearch: planSearch,
  component: lazyRouteComponent(() => import('./pages/catalogue/plan/plan-detail'), 'PlanDetailPage'),
});

const auditRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit-log',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./pages/audit/audit-log'), 'AuditLogPage'),
});

const webhooksRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-list'), 'WebhookListPage'),
});

const webhookRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/webhooks/$webhookId',
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import('./pages/webhooks/webhook-detail'), 'WebhookDetailPage'),
});

const operatorsRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/operators',
  validateSearch: z.object({ cursor: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(() => import('./pages/operators/operators'), 'OperatorsPage'),
});

const accountRoute = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signInRoute,
    startRoute,
    signedIn.addChildren([
      overviewRoute,
      clientsRoute,
      createClientRoute,
      importClientsRoute,
      clientRoute,
      resourcesRoute,
      createResourceRoute,
      resourceRoute,
      customersRoute,
      createCustomerRoute,
      customerRoute,
      failuresRoute,
      explainRoute,
      inspectorRoute,
      subscriptionsRoute,
      createSubscriptionRoute,
      subscriptionRoute,
      licensesRoute,
      licenseRoute,
      licensePoliciesRoute,
      createLicensePolicyRoute,
      licensePolicyRoute,
      licenseTesterRoute,
      licenseKeysRoute,
      invoicesRoute,
      invoiceRoute,
      paymentsRoute,
      creditNotesRoute,
      financeRoute,
      mrrRoute,
      revenueRoute,
      financeRowsRoute,
      receivablesRoute,
      dunningRoute,
      walletsRoute,
      usageRoute,
      eventsRoute,
      metersRoute,
      reconciliationsRoute,
      reconciliationRoute,
      billingTermsRoute,
      billingRunsRoute,
      signingKeysRoute,
      catalogueRoute,
      planRoute,
      auditRoute,
      webhooksRoute,
      webhookRoute,
      operatorsRoute,
      accountRoute,
    ]),
  ]),
  // Every parameter of ours is a plain string: the addresses stay readable, and `?search=123` a text.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const set = Object.entries(search).filter(([, value]) => typeof value === 'string' && value !== '');
    return set.length === 0 ? '' : `?${new URLSearchParams(set as [string, string][])}`;
  },
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

whenSignedOut(async () => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in' || pathname === '/start') return;
  // A proof gives the session another cookie: what was sent with the one before is refused, and nobody is signed out.
  if (await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => null)) {
    await queryClient.invalidateQueries();
    return;
  }
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { returnTo: href } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
