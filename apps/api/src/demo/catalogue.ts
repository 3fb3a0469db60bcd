import { addVersion, createPlan } from '@bastionary/billing/actions/change-plans';
import { createMeter } from '@bastionary/billing/actions/metering/change-meters';
import { createFeature } from '@bastionary/entitlements/actions/change-features';
import { FOLLOWERS } from '../modules/customers/followers.js';
import { type Episode, ORIGIN } from './chronicle.js';
import { DATA_REGION, FEATURES, METERS, PLANS, SCALE_DRAFT, TEAM_2 } from './data/catalogue.js';

/** Features, meters and plans: there before the first customer, and grown since. */
export const catalogueEpisodes: readonly Episode[] = [
  {
    daysAgo: 235,
    async happen({ tx, config }, now) {
      const around = { now, followers: FOLLOWERS };
      for (const feature of FEATURES) await createFeature(tx, ORIGIN, feature, config.FEATURES_MAX, around);
      for (const meter of METERS) await createMeter(tx, ORIGIN, meter, config.METERS_MAX, now);
      for (const plan of PLANS) await createPlan(tx, ORIGIN, plan, now);
    },
  },
  {
    daysAgo: 70,
    async happen({ tx }, now) {
      await addVersion(tx, ORIGIN, 'team', TEAM_2, true, now);
    },
  },
  {
    daysAgo: 48,
    async happen({ tx, config }, now) {
      await createFeature(tx, ORIGIN, DATA_REGION, config.FEATURES_MAX, { now, followers: FOLLOWERS });
    },
  },
  {
    daysAgo: 12,
    async happen({ tx }, now) {
      await createPlan(tx, ORIGIN, SCALE_DRAFT, now);
    },
  },
];
