import {
  askingTransaction,
  recordEvents,
  type UsageEventRow,
} from '@bastionary/billing/actions/metering/record-events';
import { recordRejections } from '@bastionary/billing/actions/metering/usage-rejections';
import { eventDigest } from '@bastionary/billing/rules/metering/event-digest';
import { readEvent } from '@bastionary/billing/rules/metering/read-event';
import { rejectedEvent } from '@bastionary/billing/rules/metering/rejected-event';
import { CONFLICT, UNKNOWN_SUBJECT } from '../modules/usage/event-intake.js';
import { chanceFrom, oneOf } from './big-world/chance.js';
import { DAY_MS, type Episode, HOUR_MS, idOf, ORIGIN, type World } from './chronicle.js';
import { DEMANDS, type Demand, MISTAKES } from './data/usage.js';

const SEED = 11;
const AT_ONCE = 2_000;
const SOURCE = 'gateway';
/** What the gateway counted is sent at these hours (UTC). */
const HOURS = [7, 13, 19];
const REGIONS = ['eu', 'eu', 'us', 'ap'] as const;
const MODELS = ['small', 'small', 'large'] as const;
const WEEKEND = 0.35;

/** Months of usage by customers, and what of the last days was refused; the worker folds it when it comes. */
export const usageEpisodes: readonly Episode[] = [
  {
    daysAgo: 0,
    async happen(world) {
      const ask = askingTransaction(world.tx);
      const events = [...(await livesOf(world)), ...miscounted(world)];
      for (let first = 0; first < events.length; first += AT_ONCE) {
        await recordEvents(ask, events.slice(first, first + AT_ONCE));
      }
      await refuse(world);
      // They were told as they happened, one after the other; those that were refused are seen first.
      await world.tx.$executeRaw`
        UPDATE usage_event e SET seq = told.turn, recorded_at = least(e.time + interval '2 seconds', ${world.present})
        FROM (SELECT id, row_number() OVER (ORDER BY time, id) AS turn FROM usage_event WHERE source = ${SOURCE}) told
        WHERE e.source = ${SOURCE} AND e.id = told.id`;
      await world.tx.$executeRaw`
        UPDATE usage_rejection SET seq = ${events.length} + seq, recorded_at = coalesce(time, recorded_at) + interval '2 seconds'`;
    },
  },
];

async function livesOf({ tx, customers, subscriptions, present }: World): Promise<UsageEventRow[]> {
  const lives = await tx.subscription.findMany({ select: { id: true, start: true, canceledAt: true } });
  return DEMANDS.flatMap((demand, index) => {
    const subscription = idOf(subscriptions, demand.customer);
    const life = lives.find(({ id }) => id === subscription);
    if (life === undefined) return [];
    const until = life.canceledAt === null || life.canceledAt > present ? present : life.canceledAt;
    const who = { demand, customerId: idOf(customers, demand.customer), present: present.getTime() };
    return lifeOf(who, life.start.getTime(), until.getTime(), chanceFrom(SEED + index));
  });
}

interface Who {
  readonly demand: Demand;
  readonly customerId: string;
  /** Milliseconds */
  readonly present: number;
}

function lifeOf({ demand, customerId, present }: Who, from: number, until: number, chance: () => number) {
  const { calls, gigabytes, tokens, growth, spike } = demand;
  const rows: UsageEventRow[] = [];
  const add = (type: string, time: number, data: Record<string, unknown>) => {
    if (time >= from && time < until) {
      rows.push(eventOf(customerId, `${demand.customer}-${rows.length + 1}`, type, time, data));
    }
  };
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < until; day += DAY_MS) {
    const months = Math.max(0, day - from) / (30 * DAY_MS);
    const daysAgo = (present - day) / DAY_MS;
    const isSpike = spike !== undefined && daysAgo <= spike.fromDaysAgo && daysAgo > spike.toDaysAgo;
    const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
    const level = growth ** months * (isWeekend ? WEEKEND : 1) * (0.8 + 0.4 * chance());
    for (const hour of HOURS) {
      const count = Math.round((calls / HOURS.length) * level * (isSpike ? spike.times : 1) * (0.7 + 0.6 * chance()));
      add('api.calls', day + hour * HOUR_MS + Math.floor(chance() * HOUR_MS), {
        calls: count,
        region: oneOf(chance, REGIONS),
      });
    }
    const kept = (gigabytes * growth ** (months / 2) * (0.97 + 0.06 * chance())).toFixed(2);
    add('storage.measured', day + 2 * HOUR_MS, { gigabytes: kept });
    if (tokens > 0 && !isWeekend) {
      add('assistant.answered', day + 16 * HOUR_MS + Math.floor(chance() * HOUR_MS), {
        model: oneOf(chance, MODELS),
        tokens: Math.round(tokens * level),
      });
    }
  }
  return rows;
}

function eventOf(customerId: string, id: string, type: string, time: number, said: Record<string, unknown>) {
  const data = JSON.stringify(said);
  const digest = eventDigest({ type, time, subject: customerId, data });
  const name = { owner: '', source: SOURCE, id, digest };
  return { ...name, customerId, type, time, subject: null, clientId: null, sentBy: ORIGIN.actor, data };
}

/** Taken, and yet no meter counts them: a word instead of a number, and a type that nobody knows. */
function miscounted({ customers, present }: World): UsageEventRow[] {
  const customerId = idOf(customers, 'harbour');
  const at = present.getTime() - 4 * HOUR_MS;
  return [
    eventOf(customerId, 'batch-764', 'api.calls', at, { calls: 'many', region: 'eu' }),
    eventOf(customerId, 'batch-765', 'api.cals', at + HOUR_MS, { calls: 44, region: 'eu' }),
  ];
}

async function refuse({ tx, config, customers, present }: World): Promise<void> {
  const customerId = idOf(customers, 'harbour');
  const limits = {
    now: present.getTime(),
    futureMs: config.USAGE_FUTURE_SECONDS * 1_000,
    dataBytesMax: config.USAGE_DATA_BYTES_MAX,
    depthMax: config.USAGE_DATA_DEPTH_MAX,
    isCloudEvent: false,
  };
  const told = { sentBy: ORIGIN.actor };
  await recordRejections(askingTransaction(tx), [
    ...MISTAKES.map(({ hoursAgo, event }) => {
      const time = new Date(present.getTime() - hoursAgo * HOUR_MS).toISOString();
      const sent = { time, subject: 'C-00000', ...event };
      const reading = readEvent(sent, limits);
      const reason = reading.ok ? UNKNOWN_SUBJECT : reading.reason;
      return { ...told, ...rejectedEvent(sent), result: 'rejected' as const, reason, customerId: null };
    }),
    {
      ...told,
      ...{ id: 'harbour-1', source: SOURCE, type: 'api.calls', subject: customerId, customerId },
      time: present.getTime() - 3 * HOUR_MS,
      result: 'conflict',
      reason: CONFLICT,
    },
  ]);
}
