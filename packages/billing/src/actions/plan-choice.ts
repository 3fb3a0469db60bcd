import type { Price } from '@bastionary/contracts/plans';
import type { FieldFault } from '@bastionary/contracts/problem';
import type { Transaction } from '@bastionary/prisma/client';
import { planVersionName, toPlanReference } from '../rules/plan-reference.js';
import { refuse } from './check-features.js';

/** A plan that is asked for, and where in the request. */
export interface WantedPlan {
  readonly reference: string;
  readonly kind: 'plan' | 'add_on';
  readonly path: string;
}

/** A published version that can be subscribed to. */
export interface ChosenPlan {
  /** key@version */
  readonly name: string;
  readonly prices: readonly Price[];
  readonly trialDays: number;
}

/**
 * The versions that references mean, in their order. None of them can be retired before the end of `tx`.
 * @param held what the subscription is on already: it may stay there, also when retired
 * @throws AppError invalid_request with a fault per reference that means none
 */
export async function choosePlans(
  tx: Transaction,
  wanted: readonly WantedPlan[],
  held: ReadonlySet<string>,
): Promise<ChosenPlan[]> {
  const keys = wanted.map(({ reference }) => toPlanReference(reference).key);
  // In one order everywhere: two that lock the same plans must not wait for each other.
  await tx.$executeRaw`SELECT 1 FROM plan WHERE key = ANY(${keys}::text[]) ORDER BY key FOR SHARE`;
  const plans = await tx.plan.findMany({
    where: { key: { in: keys } },
    include: { versions: { orderBy: { version: 'desc' } } },
  });
  const faults: FieldFault[] = [];
  const chosen = wanted.flatMap(({ reference, kind, path }): ChosenPlan | [] => {
    const { key, version } = toPlanReference(reference);
    const fault = (code: string, message: string): [] => {
      faults.push({ path, code, message });
      return [];
    };
    const plan = plans.find((one) => one.key === key);
    if (plan === undefined) return fault('unknown_plan', `is no plan: there is none with the key ${key}`);
    if (plan.kind !== kind) {
      return kind === 'plan'
        ? fault('wrong_kind', 'is an add-on; it goes into add_ons')
        : fault('wrong_kind', 'is a plan, not an add-on');
    }
    const row = plan.versions.find((one) =>
      version === undefined ? one.status === 'published' : one.version === version,
    );
    if (row === undefined) {
      return version === undefined
        ? fault('not_published', 'has no published version; publish one first')
        : fault('unknown_plan', `has no version ${version}`);
    }
    const name = planVersionName(key, row.version);
    if (row.status !== 'published' && !held.has(name)) {
      return fault(
        'not_published',
        `is ${row.status === 'draft' ? 'a draft; publish it first' : 'retired; choose another version'}`,
      );
    }
    return { name, prices: row.prices as Price[], trialDays: row.trialDays };
  });
  refuse(faults);
  return chosen;
}
