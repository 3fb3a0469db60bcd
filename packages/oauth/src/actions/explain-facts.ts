import type { RateLimit, TokenQuota } from '@bastionary/contracts/client-metadata';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';
import { clientAsOf, REMOVALS, STANDINGS } from '../rules/client-as-of.js';
import type { ClientFacts } from '../rules/explain-client.js';
import type { Conditions } from '../rules/explain-conditions.js';
import type { ScopeFacts } from '../rules/explain-grant.js';
import { quotaWindows } from '../rules/quota-window.js';
import { issuedPerHour } from './issuance.js';
import { listResources } from './resources.js';

export interface ExplainedClient extends ClientFacts, Omit<Conditions, 'isDpopRequired' | 'issued'> {}

/**
 * A client as it is, also one that was deleted: its row stays.
 * @param own the customer whose it must be; null: anybody's, and the installation's
 * @throws AppError not_found
 */
export async function loadClientFacts(
  db: Reader,
  clientId: string,
  own: string | null = null,
): Promise<ExplainedClient> {
  const row = await db.client.findUnique({
    where: { clientId, ...(own !== null && { customerId: own }) },
    include: { credentials: { orderBy: { createdAt: 'asc' } } },
  });
  if (row === null) throw new AppError('not_found', `There is no client ${clientId}.`);
  return {
    clientId,
    name: row.name,
    customerId: row.customerId,
    status: row.status,
    expiry: row.expiry,
    createdAt: row.createdAt,
    scopes: row.scopes,
    resources: row.resources as string[] | null,
    authMethod: row.authMethod,
    dpopBound: row.dpopBound,
    allowedAddresses: row.allowedAddresses,
    rateLimit: row.rateLimit as RateLimit | null,
    tokenQuota: row.tokenQuota as TokenQuota | null,
    credentials: row.credentials,
    goneCredentials: 0,
  };
}

/** The same as it was at a past instant, as far as the audit log tells. @throws AppError not_found */
export async function loadClientFactsAt(db: Reader, clientId: string, at: Date): Promise<ExplainedClient> {
  const present = await loadClientFacts(db, clientId);
  const target = `client:${clientId}`;
  const later = await db.auditLog.findMany({ where: { target, at: { gt: at } }, orderBy: { seq: 'desc' } });
  const standing = await db.auditLog.findFirst({
    where: { target, at: { lte: at }, action: { in: [...STANDINGS] } },
    orderBy: { seq: 'desc' },
    select: { action: true },
  });
  const past = clientAsOf(
    present,
    later.map(({ action, detail }) => ({ action, detail: JSON.parse(detail) as Record<string, unknown> })),
    standing?.action,
  );
  return {
    ...past,
    credentials: past.credentials.filter(({ createdAt }) => createdAt <= at),
    goneCredentials: later.filter(({ action }) => REMOVALS.includes(action)).length,
  };
}

export interface ResourceFacts extends ScopeFacts {
  /** Whether tokens for this resource must be bound. */
  readonly needsDpop: (identifier: string) => boolean;
}

/** Which resource owns a scope, and which feature it needs. */
export async function loadScopeFacts(db: Reader): Promise<ResourceFacts> {
  const resources = await listResources(db);
  const scopes = new Map(
    resources.flatMap(({ identifier, scopes: owned }) => owned.map((scope) => [scope.name, { identifier, ...scope }])),
  );
  const bound = new Set(resources.filter(({ dpopRequired }) => dpopRequired).map(({ identifier }) => identifier));
  return {
    audienceOf: (scope) => scopes.get(scope)?.identifier,
    featureOf: (scope) => scopes.get(scope)?.feature ?? undefined,
    needsDpop: (identifier) => bound.has(identifier),
  };
}

/** Tokens issued to a client in this hour and day of UTC, as far as the api processes have written them down. */
export async function loadIssued(db: Reader, clientId: string, now: Date): Promise<{ hour: number; day: number }> {
  const [hour, day] = quotaWindows({ perHour: 0, perDay: 0, enforce: true }, now.getTime());
  const hours = await issuedPerHour(db, new Date(day?.start ?? 0), clientId);
  const since = (start: number) =>
    Number(hours.filter((one) => one.hour.getTime() >= start).reduce((sum, { issued }) => sum + issued, 0n));
  return { hour: since(hour?.start ?? 0), day: since(day?.start ?? 0) };
}
