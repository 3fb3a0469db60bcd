import type { FlagSettings } from '@bastionary/contracts/flag-rules';
import type { SettingsPreview } from '@bastionary/contracts/flags';
import { toEntitlements } from '@bastionary/entitlements/actions/find-entitlements';
import type { Reader } from '@bastionary/prisma/client';
import { type AffectedCustomer, blastRadius } from '../rules/blast-radius.js';
import { differenceInWords } from '../rules/difference.js';
import { evaluate } from '../rules/evaluate.js';
import type { Context, EnvironmentModel } from '../rules/model.js';
import { toPlatform, trustedContext } from '../rules/trusted-context.js';
import { checkSettings } from './change-settings.js';
import { definitionOf, getFlag, getSetting } from './find-flag.js';
import { loadModel, withSettings } from './load-model.js';
import { noSuchEnvironment } from './refusals.js';

const CHUNK = 1_000;

/**
 * What other settings would mean: every active customer is evaluated with what is saved and with what is proposed, as one of
 * its clients whose targeting key is the customer.
 * @param at milliseconds
 * @throws AppError not_found, invalid_request (settings that cannot be saved)
 */
export async function previewSettings(
  db: Reader,
  { environment, flag: key }: { readonly environment: string; readonly flag: string },
  proposed: (before: FlagSettings) => FlagSettings,
  { at, context }: { readonly at: number; readonly context: Context },
): Promise<SettingsPreview> {
  const flag = await getFlag(db, key);
  const { settings: saved } = await getSetting(db, environment, key);
  const settings = proposed(saved);
  const model = await loadModel(db, environment);
  if (model === null) throw noSuchEnvironment(environment);
  const changed = withSettings(model, key, settings);
  checkSettings(changed, key);
  const definition = definitionOf(flag);
  const affected: AffectedCustomer[] = [];
  let customers = 0;
  for (let after = ''; ; ) {
    const rows = await chunk(db, after);
    for (const { id, name, plans, features } of rows) {
      customers++;
      const platform = toPlatform({ customer: id, client: null, plans, features, license: null });
      const trusted = trustedContext({ targetingKey: id, ...context }, platform).context;
      const [from, to] = [variantIn(model, key, trusted, at), variantIn(changed, key, trusted, at)];
      if (from !== to) affected.push({ id, name, plan: platform.plan ?? null, from, to });
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  return blastRadius(affected, customers, definition.offVariant, differenceInWords(definition, saved, settings));
}

const variantIn = (model: EnvironmentModel, key: string, context: Context, at: number): string =>
  evaluate(model, key, context, at)?.variant ?? '';

async function chunk(db: Reader, after: string) {
  const customers = await db.customer.findMany({
    where: { id: { gt: after }, status: 'active' },
    orderBy: { id: 'asc' },
    take: CHUNK,
    select: { id: true, name: true },
  });
  const snapshots = await db.snapshot.findMany({ where: { customerId: { in: customers.map(({ id }) => id) } } });
  const known = new Map(snapshots.map((row) => [row.customerId, toEntitlements(row)]));
  return customers.map(({ id, name }) => {
    const { plans, features } = known.get(id) ?? { plans: [], features: {} };
    return { id, name, plans, features };
  });
}
