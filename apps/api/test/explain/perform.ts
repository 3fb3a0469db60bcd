import { createPlan } from '@bastionary/billing/actions/change-plans';
import { createSubscription } from '@bastionary/billing/actions/create-subscription';
import { updateSubscription } from '@bastionary/billing/actions/update-subscription';
import { createClientRequest, updateClientRequest } from '@bastionary/contracts/clients';
import { addCredentialRequest, updateCredentialRequest } from '@bastionary/contracts/credentials';
import { createCustomerRequest, updateCustomerRequest } from '@bastionary/contracts/customers';
import { createFeatureRequest, setOverrideRequest } from '@bastionary/contracts/entitlements';
import { createPlanRequest, createSubscriptionRequest, updateSubscriptionRequest } from '@bastionary/contracts/plans';
import { reserveRequest } from '@bastionary/contracts/quotas';
import { createResourceRequest } from '@bastionary/contracts/resources';
import { createFeature } from '@bastionary/entitlements/actions/change-features';
import { createCustomer } from '@bastionary/entitlements/actions/create-customer';
import { commitReservation } from '@bastionary/entitlements/actions/end-reservation';
import { deleteOverride, setOverride } from '@bastionary/entitlements/actions/overrides';
import { reserveQuota } from '@bastionary/entitlements/actions/reserve-quota';
import { updateCustomer } from '@bastionary/entitlements/actions/update-customer';
import { addCredential } from '@bastionary/oauth/actions/add-credential';
import { createResource } from '@bastionary/oauth/actions/change-resources';
import { createClient } from '@bastionary/oauth/actions/create-client';
import { deleteClient } from '@bastionary/oauth/actions/delete-client';
import { deleteCredential } from '@bastionary/oauth/actions/delete-credential';
import { getClient } from '@bastionary/oauth/actions/find-client';
import { updateClient } from '@bastionary/oauth/actions/update-client';
import { updateCredential } from '@bastionary/oauth/actions/update-credential';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import type { Send } from './worlds.js';

const ORIGIN = systemOrigin('test');
const PEPPERS = { newest: 1, get: () => Buffer.alloc(32, 7) };

type Act = (tx: Transaction, ids: string[], body: unknown, now: Date) => Promise<unknown>;
const around = (now: Date) => ({ now, followers: [] });

// The doors of the management API without HTTP: the schema of the body, and the action behind it.
const DOORS: [string, Act][] = [
  [
    'POST /api/features',
    (tx, _, body, now) => createFeature(tx, ORIGIN, createFeatureRequest.parse(body), 100, around(now)),
  ],
  ['POST /api/plans', (tx, _, body, now) => createPlan(tx, ORIGIN, createPlanRequest.parse(body), now)],
  ['POST /api/resources', (tx, _, body, now) => createResource(tx, ORIGIN, createResourceRequest.parse(body), now)],
  [
    'POST /api/customers',
    (tx, _, body, now) => createCustomer(tx, ORIGIN, createCustomerRequest.parse(body), around(now)),
  ],
  [
    'PATCH /api/customers/:id',
    (tx, [id = ''], body, now) =>
      updateCustomer(tx, ORIGIN, id, updateCustomerRequest.parse(body), undefined, around(now)),
  ],
  [
    'PUT /api/customers/:id/overrides/:key',
    (tx, [id = '', key = ''], body, now) =>
      setOverride(tx, ORIGIN, id, key, setOverrideRequest.parse(body), around(now)),
  ],
  [
    'DELETE /api/customers/:id/overrides/:key',
    (tx, [id = '', key = ''], _, now) => deleteOverride(tx, ORIGIN, id, key, around(now)),
  ],
  [
    'POST /api/subscriptions',
    async (tx, _, body, now) =>
      (await createSubscription(tx, ORIGIN, createSubscriptionRequest.parse(body), around(now))).row,
  ],
  [
    'PATCH /api/subscriptions/:id',
    (tx, [id = ''], body, now) =>
      updateSubscription(tx, ORIGIN, id, updateSubscriptionRequest.parse(body), undefined, {
        ...around(now),
        graceSeconds: 14 * 86_400,
      }),
  ],
  ['POST /api/quotas', (tx, _, body, now) => reserveQuota(tx, reserveRequest.parse(body), around(now))],
  ['POST /api/quotas/:id/commit', (tx, [id = '']) => commitReservation(tx, id, null)],
  ['POST /api/clients', (tx, _, body, now) => createClient(tx, ORIGIN, createClientRequest.parse(body), PEPPERS, now)],
  [
    'PATCH /api/clients/:id',
    (tx, [id = ''], body, now) => updateClient(tx, ORIGIN, id, updateClientRequest.parse(body), undefined, now),
  ],
  ['DELETE /api/clients/:id', (tx, [id = ''], _, now) => deleteClient(tx, ORIGIN, id, now)],
  ['GET /api/clients/:id/credentials', async (tx, [id = '']) => ({ data: (await getClient(tx, id)).credentials })],
  [
    'POST /api/clients/:id/credentials',
    (tx, [id = ''], body, now) =>
      addCredential(tx, ORIGIN, id, addCredentialRequest.parse(body), { peppers: PEPPERS, perClientMax: 20 }, now),
  ],
  [
    'PATCH /api/clients/:id/credentials/:key',
    (tx, [id = '', key = ''], body, now) =>
      updateCredential(tx, ORIGIN, id, key, updateCredentialRequest.parse(body), now),
  ],
  [
    'DELETE /api/clients/:id/credentials/:key',
    (tx, [id = '', key = ''], _, now) => deleteCredential(tx, ORIGIN, id, key, true, now),
  ],
];
const patterns = DOORS.map(([door, act]) => [new RegExp(`^${door.replaceAll(/:[a-z]+/g, '([^/]+)')}$`), act] as const);

/** Sends requests to their actions, all in one transaction, as if it were `now`. */
export const performIn =
  (tx: Transaction, now: Date): Send =>
  (method, path, body) => {
    for (const [pattern, act] of patterns) {
      const match = pattern.exec(`${method} ${path}`);
      if (match !== null) return act(tx, match.slice(1), body, now);
    }
    throw new Error(`no door is at ${method} ${path}`);
  };
