import { getSubscriptions } from '@bastionary/billing/actions/find-subscription';
import { listMeters } from '@bastionary/billing/actions/metering/find-meter';
import { listPlans } from '@bastionary/billing/actions/plans';
import { toSubscription } from '@bastionary/billing/actions/subscription-rows';
import type { Permission } from '@bastionary/contracts/permissions';
import type { SearchHit, SearchKind } from '@bastionary/contracts/search';
import { listCustomers } from '@bastionary/entitlements/actions/find-customer';
import { listFeatures } from '@bastionary/entitlements/actions/find-feature';
import { listFailures } from '@bastionary/oauth/actions/failures';
import { listClients } from '@bastionary/oauth/actions/find-client';
import { listResources } from '@bastionary/oauth/actions/resources';
import type { Reader } from '@bastionary/prisma/client';
import { listEndpoints } from '@bastionary/webhooks/actions/endpoints';

interface Question {
  readonly db: Reader;
  readonly text: string;
  readonly limit: number;
  readonly now: Date;
}
type Hit = Omit<SearchHit, 'kind'>;

interface Kind {
  readonly kind: SearchKind;
  /** Who lacks one of these finds none. */
  readonly needs: readonly Permission[];
  readonly find: (question: Question) => Promise<Hit[]>;
}

/** How each kind is found, in the order of the answer. */
export const KINDS: readonly Kind[] = [
  { kind: 'customer', needs: ['customers:read'], find: customers },
  { kind: 'client', needs: ['clients:read'], find: clients },
  { kind: 'subscription', needs: ['subscriptions:read', 'customers:read'], find: subscriptions },
  { kind: 'invoice', needs: ['invoices:read', 'customers:read'], find: invoices },
  { kind: 'license', needs: ['licenses:read', 'customers:read'], find: licenses },
  { kind: 'plan', needs: ['catalogue:read'], find: plans },
  { kind: 'feature', needs: ['catalogue:read'], find: features },
  { kind: 'meter', needs: ['catalogue:read'], find: meters },
  { kind: 'resource', needs: ['clients:read'], find: resources },
  { kind: 'webhook', needs: ['webhooks:read'], find: webhooks },
  { kind: 'operator', needs: ['operators:read'], find: operators },
  { kind: 'refused_request', needs: ['failures:read'], find: refusedRequests },
];

async function customers({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = isIdOf('cus', text)
    ? await db.customer.findMany({
        where: { id: { startsWith: text.toLowerCase() } },
        orderBy: { id: 'asc' },
        take: limit,
      })
    : await listCustomers(db, null, { limit, after: undefined, search: text, status: undefined });
  return rows.slice(0, limit).map(({ id, name, email }) => ({ id, name, detail: email }));
}

async function clients({ db, text, limit, now }: Question): Promise<Hit[]> {
  const rows = await listClients(db, null, { limit, after: undefined, search: text, status: undefined, now });
  return rows.slice(0, limit).map(({ clientId, name }) => ({ id: clientId, name, detail: clientId }));
}

/** By id, or those of the customers that the text finds. */
async function subscriptions({ db, text, limit, now }: Question): Promise<Hit[]> {
  const owners = isIdOf('sub', text) ? [] : (await customers({ db, text, limit, now })).map(({ id }) => id);
  const found = await db.subscription.findMany({
    where: isIdOf('sub', text) ? { id: { startsWith: text.toLowerCase() } } : { customerId: { in: owners } },
    orderBy: { id: 'desc' },
    take: limit,
    select: { id: true },
  });
  const rows = await getSubscriptions(
    db,
    found.map(({ id }) => id),
  );
  const named = await db.customer.findMany({
    where: { id: { in: rows.map(({ customerId }) => customerId) } },
    select: { id: true, name: true },
  });
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return rows.map((row) => {
    const { id, plan, state } = toSubscription(row, now);
    return { id, name: names.get(row.customerId) ?? row.customerId, detail: `${plan}, ${state.replace('_', ' ')}` };
  });
}

/** By number or id, or the newest of the customers that the text finds. */
async function invoices({ db, text, limit, now }: Question): Promise<Hit[]> {
  const owners = await customers({ db, text, limit, now });
  const rows = await db.invoice.findMany({
    where: isIdOf('inv', text)
      ? { id: { startsWith: text.toLowerCase() } }
      : {
          OR: [
            { number: { contains: text.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' } },
            { customerId: { in: owners.map(({ id }) => id) } },
          ],
        },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: { id: true, number: true, status: true, customerId: true },
  });
  const named = await db.customer.findMany({
    where: { id: { in: rows.map(({ customerId }) => customerId) } },
    select: { id: true, name: true },
  });
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return rows.map(({ id, number, status, customerId }) => ({
    id,
    name: number ?? 'Draft',
    detail: `${names.get(customerId) ?? customerId}, ${status}`,
  }));
}

/** By name, the end of the key or id, or the newest of the customers that the text finds. A whole key is never sent here. */
async function licenses({ db, text, limit, now }: Question): Promise<Hit[]> {
  const owners = isIdOf('lic', text) ? [] : (await customers({ db, text, limit, now })).map(({ id }) => id);
  const contains = { contains: text.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  const rows = await db.license.findMany({
    where: isIdOf('lic', text)
      ? { id: { startsWith: text.toLowerCase() } }
      : { OR: [{ name: contains }, { keyHint: contains }, { customerId: { in: owners } }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: { id: true, name: true, keyHint: true, policyId: true },
  });
  const named = await db.licensePolicy.findMany({
    where: { id: { in: rows.map(({ policyId }) => policyId) } },
    select: { id: true, name: true },
  });
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return rows.map(({ id, name, keyHint, policyId }) => ({
    id,
    name: name ?? `…${keyHint}`,
    detail: [names.get(policyId), ...(name === null ? [] : [`…${keyHint}`])].join(', '),
  }));
}

async function plans({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = (await listPlans(db)).filter(({ key, name }) => has(text, key, name));
  return rows
    .slice(0, limit)
    .map(({ key, name, kind }) => ({ id: key, name, detail: kind === 'add_on' ? `add-on ${key}` : `plan ${key}` }));
}

async function features({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = (await listFeatures(db)).filter(({ key, name }) => has(text, key, name));
  return rows.slice(0, limit).map(({ key, name, type }) => ({ id: key, name, detail: `${type} ${key}` }));
}

async function meters({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = (await listMeters(db)).filter(({ key, name }) => has(text, key, name));
  return rows
    .slice(0, limit)
    .map(({ key, name, aggregation, eventType }) => ({ id: key, name, detail: `${aggregation} of ${eventType}` }));
}

async function resources({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = (await listResources(db)).filter(({ id, identifier, name, scopes }) =>
    has(text, id, identifier, name, ...scopes.map((scope) => scope.name)),
  );
  return rows.slice(0, limit).map(({ id, name, identifier }) => ({ id, name, detail: identifier }));
}

async function webhooks({ db, text, limit }: Question): Promise<Hit[]> {
  const rows = (await listEndpoints(db)).filter(({ id, url, description }) => has(text, id, url, description ?? ''));
  return rows.slice(0, limit).map(({ id, url, description }) => ({ id, name: url, detail: description }));
}

async function operators({ db, text, limit }: Question): Promise<Hit[]> {
  const contains = { contains: text.replaceAll(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
  const rows = await db.operator.findMany({
    where: { OR: [{ name: contains }, { email: contains }, { id: text.toLowerCase() }] },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true, name: true, email: true, role: true },
  });
  return rows.map(({ id, name, email, role }) => ({ id, name, detail: email === null ? role : `${role}, ${email}` }));
}

/** By the trace id that the refused caller was told; nothing else about it is unique. */
async function refusedRequests({ db, text, limit }: Question): Promise<Hit[]> {
  const [row] = await listFailures(db, { limit, after: undefined, clientId: undefined, traceId: text });
  return row === undefined ? [] : [{ id: row.traceId, name: row.reason, detail: row.clientId }];
}

const has = (text: string, ...among: readonly string[]): boolean =>
  among.some((one) => one.toLowerCase().includes(text.toLowerCase()));

/** Whether a text is an id of a kind, or so much of one that it is meant as one. */
const isIdOf = (prefix: string, text: string): boolean => new RegExp(`^${prefix}_[0-9a-z]*$`, 'i').test(text);
