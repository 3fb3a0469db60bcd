import type { Plan, PlanVersion } from '@bastionary/contracts/plans';

export const versionOf = (plan: Plan, version: number | null): PlanVersion | undefined =>
  plan.versions.find((one) => one.version === version);

/** What the plan's key means: the newest published version. */
export const currentOf = (plan: Plan): PlanVersion | undefined => versionOf(plan, plan.current_version);

/** The newest draft. */
export const draftOf = ({ versions }: Plan): PlanVersion | undefined =>
  versions.find(({ status }) => status === 'draft');

/** Live ones, on whichever version. */
export const subscriptionsOf = ({ versions }: Plan): number =>
  versions.reduce((sum, { subscriptions }) => sum + subscriptions, 0);

/** What was sold before a version: the newest that was ever published below it. */
export const predecessorOf = ({ versions }: Plan, { version }: PlanVersion): PlanVersion | undefined =>
  versions.find((one) => one.version < version && one.published_at !== null);
