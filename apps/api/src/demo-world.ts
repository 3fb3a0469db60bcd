import type { CreateClientRequest } from '@bastionary/contracts/clients';
import { createClient } from '@bastionary/oauth/actions/create-client';
import type { Peppers } from '@bastionary/oauth/actions/peppers';
import { updateClient } from '@bastionary/oauth/actions/update-client';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';

const ORIGIN = systemOrigin('demo');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface DemoClient {
  readonly request: CreateClientRequest;
  /** Tokens in a busy hour; quiet hours have fewer. */
  readonly busy: number;
  readonly suspended?: true;
  readonly expiresInDays?: number;
}

const CLIENTS: readonly DemoClient[] = [
  { request: { client_id: 'invoice-export', name: 'Invoice export', scopes: ['read'] }, busy: 240 },
  { request: { client_id: 'warehouse-sync', name: 'Warehouse sync', scopes: ['read', 'write'] }, busy: 1_150 },
  { request: { client_id: 'ci-pipeline', name: 'CI pipeline', scopes: ['read'] }, busy: 60, expiresInDays: 12 },
  { request: { client_id: 'partner-acme', name: 'Partner: Acme Logistics', scopes: ['read'] }, busy: 35 },
  { request: { client_id: 'legacy-importer', name: 'Legacy importer', scopes: ['write'] }, busy: 0, suspended: true },
  { request: { client_id: 'trade-fair-demo', name: 'Trade fair demo', scopes: ['read'] }, busy: 0, expiresInDays: -9 },
];

/** A believable world for a first look (BASTIONARY_DEMO=1): clients in every state and two days of issued tokens. */
export async function makeDemoWorld(tx: Transaction, peppers: Peppers, now: Date): Promise<void> {
  for (const { request, busy, suspended, expiresInDays } of CLIENTS) {
    const expiry = expiresInDays === undefined ? null : new Date(now.getTime() + expiresInDays * DAY_MS).toISOString();
    const { client_id } = await createClient(tx, ORIGIN, { ...request, expiry }, peppers, now);
    if (suspended) await updateClient(tx, ORIGIN, client_id, { status: 'suspended' }, undefined, now);
    if (busy > 0) await tx.tokensPerHour.createMany({ data: twoDays(client_id, busy, now) });
  }
}

function twoDays(clientId: string, busy: number, now: Date) {
  const thisHour = now.getTime() - (now.getTime() % HOUR_MS);
  return Array.from({ length: 48 }, (_, ago) => {
    const hour = new Date(thisHour - ago * HOUR_MS);
    // Most of the work happens around two in the afternoon.
    const share = 0.15 + 0.85 * Math.exp(-((hour.getUTCHours() - 14) ** 2) / 18);
    return { clientId, hour, issued: BigInt(Math.ceil(busy * share)), lastAt: new Date(hour.getTime() + 1_000) };
  });
}
