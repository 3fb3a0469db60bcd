import type { CreateClientRequest } from '@bastionary/contracts/clients';
import type { CreateResourceRequest } from '@bastionary/contracts/resources';

export interface DemoClient {
  readonly daysAgo: number;
  /** Tokens in a busy hour; quiet hours have fewer. */
  readonly busy: number;
  /** Short name of the customer whose it is; none: the installation's own. */
  readonly customer?: string;
  readonly request: CreateClientRequest;
  readonly suspendedDaysAgo?: number;
  /** From the present; negative: it is over. */
  readonly expiresInDays?: number;
}

export const RESOURCES: readonly CreateResourceRequest[] = [
  {
    identifier: 'https://orders.example/api',
    name: 'Orders API',
    scopes: [
      { name: 'orders:read', description: 'See orders' },
      { name: 'orders:write', description: 'Place and change orders' },
    ],
  },
  {
    identifier: 'https://reports.example/api',
    name: 'Reports API',
    scopes: [{ name: 'reports:read', description: 'Run and download reports' }],
    access_token_ttl: 300,
  },
];

const of = (
  customer: string,
  daysAgo: number,
  client_id: string,
  name: string,
  scopes: string[],
  busy: number,
): DemoClient => ({ customer, daysAgo, busy, request: { client_id, name, scopes } });

export const CLIENTS: readonly DemoClient[] = [
  { daysAgo: 230, busy: 240, request: { client_id: 'invoice-export', name: 'Invoice export', scopes: ['read'] } },
  {
    daysAgo: 226,
    busy: 1_150,
    request: { client_id: 'warehouse-sync', name: 'Warehouse sync', scopes: ['read', 'write'] },
  },
  {
    daysAgo: 200,
    busy: 60,
    expiresInDays: 12,
    request: { client_id: 'ci-pipeline', name: 'CI pipeline', scopes: ['read'] },
  },
  { daysAgo: 180, busy: 35, request: { client_id: 'partner-acme', name: 'Partner: Acme Logistics', scopes: ['read'] } },
  {
    daysAgo: 225,
    busy: 0,
    suspendedDaysAgo: 31,
    request: { client_id: 'legacy-importer', name: 'Legacy importer', scopes: ['write'] },
  },
  {
    daysAgo: 60,
    busy: 0,
    expiresInDays: -9,
    request: { client_id: 'trade-fair-demo', name: 'Trade fair demo', scopes: ['read'] },
  },
  of('nordlicht', 226, 'nordlicht-erp', 'ERP connector', ['orders:read', 'orders:write'], 620),
  of('nordlicht', 160, 'nordlicht-reports', 'Nightly reports', ['reports:read'], 12),
  of('harbour', 219, 'harbour-booking', 'Booking engine', ['orders:read', 'orders:write'], 310),
  of('atelier', 149, 'atelier-shop', 'Web shop', ['orders:write'], 44),
  of('bluepine', 203, 'bluepine-etl', 'Warehouse loader', ['orders:read', 'reports:read'], 980),
  of('bluepine', 140, 'bluepine-notebooks', 'Notebooks', ['reports:read'], 75),
  of('sakura', 195, 'sakura-gateway', 'Gateway', ['orders:read', 'orders:write'], 410),
  of('alpenrad', 188, 'alpenrad-stock', 'Stock levels', ['orders:read'], 38),
  of('kestrel', 180, 'kestrel-fleet', 'Fleet control', ['orders:read', 'orders:write'], 520),
  of('monsoon', 164, 'monsoon-ledger', 'Ledger sync', ['orders:read'], 265),
  of('coral', 157, 'coral-checkout', 'Checkout', ['orders:write'], 0),
  { ...of('ipe', 149, 'ipe-harvest', 'Harvest planning', ['orders:read'], 0), suspendedDaysAgo: 17 },
  of('tulipa', 133, 'tulipa-auction', 'Auction clock', ['orders:read', 'orders:write'], 190),
  of('clover', 107, 'clover-kitchen', 'Kitchen display', ['orders:read'], 22),
  of('fjord', 97, 'fjord-metering', 'Metering', ['orders:read', 'reports:read'], 700),
  { ...of('kiwi', 49, 'kiwi-grid-pilot', 'Pilot plant', ['orders:read'], 9), expiresInDays: 26 },
  of('aurora', 7, 'aurora-intake', 'Patient intake', ['orders:write'], 6),
];
