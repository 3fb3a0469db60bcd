import { loadPeppers } from '@bastionary/oauth/actions/peppers';
import { appendAudit } from '@bastionary/platform/audit';
import type { Config } from '@bastionary/platform/config';
import type { KeyEncryptionKeys } from '@bastionary/platform/seal';
import type { Reader, Transaction } from '@bastionary/prisma/client';
import { catalogueEpisodes } from './catalogue.js';
import { type Episode, ORIGIN, tell } from './chronicle.js';
import { clientEpisodes } from './clients.js';
import { customerEpisodes } from './customers.js';
import { documentEpisodes } from './documents.js';
import { licenseEpisodes } from './licenses.js';
import { operatorEpisodes } from './operators.js';
import { overrideEpisodes } from './overrides.js';
import { quotaEpisodes } from './quotas.js';
import { refusalEpisodes } from './refusals.js';
import { subscriptionEpisodes } from './subscriptions.js';
import { usageEpisodes } from './usage.js';
import { webhookEpisodes } from './webhooks.js';

/** What happens at the same instant happens in this order. */
const CHRONICLE: readonly Episode[] = [
  ...catalogueEpisodes,
  ...customerEpisodes,
  ...subscriptionEpisodes,
  ...usageEpisodes,
  ...documentEpisodes,
  ...overrideEpisodes,
  ...quotaEpisodes,
  ...licenseEpisodes,
  ...clientEpisodes,
  ...refusalEpisodes,
  ...webhookEpisodes,
  ...operatorEpisodes,
];
const MADE = { action: 'demo_world.made', target: 'installation' };

export type DemoOutcome = 'made' | 'there' | 'ignored';

/**
 * Makes the demo world (BASTIONARY_DEMO=1) in an installation that has nothing of its own, all of it or nothing. Once made it
 * is never made again, whatever became of it. The caller holds the lock of the first run.
 */
export async function ensureDemoWorld(
  tx: Transaction,
  config: Config,
  keys: KeyEncryptionKeys,
  present: Date,
): Promise<DemoOutcome> {
  if ((await tx.auditLog.count({ where: MADE })) > 0) return 'there';
  if (!(await isUntouched(tx))) return 'ignored';
  const peppers = await loadPeppers(tx, keys);
  await tell(
    { tx, config, peppers, keys, present, customers: new Map(), subscriptions: new Map(), licenses: new Map() },
    CHRONICLE,
  );
  await appendAudit(tx, ORIGIN, MADE);
  return 'made';
}

/** Whether there is nothing but what the first run makes: the default resource, the admin client and the owner. */
async function isUntouched(db: Reader): Promise<boolean> {
  const [customers, features, plans, webhooks, clients, operators, resources] = await Promise.all([
    db.customer.count(),
    db.feature.count(),
    db.plan.count(),
    db.webhookEndpoint.count(),
    db.client.count(),
    db.operator.count(),
    db.resource.count(),
  ]);
  return customers + features + plans + webhooks === 0 && clients <= 1 && operators <= 1 && resources <= 2;
}
