import { createMeter } from '@bastionary/billing/actions/metering/change-meters';
import { foldUsage } from '@bastionary/billing/actions/metering/fold-usage';
import { createMeterRequest } from '@bastionary/contracts/meters';
import { systemOrigin } from '@bastionary/platform/audit';
import { type Connection, connect, type Database } from '@bastionary/prisma/client';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { waitFor } from '@bastionary/testing/wait-for';
import type pg from 'pg';

export interface Event {
  readonly customer: string;
  readonly type: string;
  /** In ms. */
  readonly at: number;
  readonly id: string;
  readonly data: Record<string, unknown>;
}

/** A meter of each kind, of events of the type `call`. */
export const METERS = {
  calls: { aggregation: 'count', group_by: ['region'] },
  traffic: { aggregation: 'sum', property: 'bytes', group_by: ['region', 'model.name'] },
  peak: { aggregation: 'max', property: 'bytes' },
  users: { aggregation: 'unique', property: 'user', group_by: 'region' },
  stored: { aggregation: 'latest', property: 'bytes' },
  large: { aggregation: 'sum', property: 'bytes', filters: [{ property: 'bytes', operator: 'gte', values: ['10'] }] },
} as const;
export type MeterName = keyof typeof METERS;

/** A database with meters and customers, to which events are written as the api writes them. */
export class World {
  private written = 0;

  private constructor(
    private readonly database: TestDatabase,
    readonly connection: Connection,
  ) {}

  static async open(names: readonly MeterName[] = Object.keys(METERS) as MeterName[]): Promise<World> {
    const database = await createDatabase();
    const world = new World(database, connect(database.url, { applicationName: 'usage-test', poolSize: 6 }));
    for (const name of names) await world.meter(name);
    return world;
  }

  get db() {
    return this.connection.db;
  }

  get pool(): pg.Pool {
    return this.connection.pool;
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.database.drop();
  }

  async meter(name: MeterName): Promise<void> {
    const request = createMeterRequest.parse({ key: name, event_type: 'call', ...METERS[name] });
    await this.db.$transaction((tx) => createMeter(tx, systemOrigin('test'), request, 100, new Date()));
  }

  /** One step of the fold; as the worker does it, in a transaction of its own. */
  fold(most = 20_000) {
    return this.db.$transaction((tx) => foldUsage(tx, most, new Date()));
  }

  /** Whether every event that is there is folded. */
  isFolded = () => isFolded(this.db);

  foldAll = (most?: number) => foldAll(this.db, most);

  /** Events of one transaction; with a client, of the one that it has open. */
  async write(events: readonly Event[], client: pg.Pool | pg.PoolClient = this.pool): Promise<void> {
    const rows = events.map(({ at, ...event }) => ({ ...event, time: new Date(at), seq: this.written++ }));
    await client.query(
      `INSERT INTO usage_event (customer_id, type, time, seq, source, id, sent_by, data)
       SELECT customer, type, time, seq, 'test', id, 'test', data FROM json_to_recordset($1)
         AS e (customer text, type text, time timestamptz, seq int, id text, data jsonb)`,
      [JSON.stringify(rows)],
    );
  }
}

async function isFolded(db: Database): Promise<boolean> {
  const [row] = await db.$queryRaw<{ done: boolean }[]>`
    SELECT NOT EXISTS (SELECT FROM usage_event WHERE xid >= (SELECT xid FROM usage_fold))
      AND NOT EXISTS (SELECT FROM meter WHERE NOT backfilled)
      AND NOT EXISTS (SELECT FROM usage_threshold WHERE NOT checked) AS done`;
  return row?.done === true;
}

/** Folds as the worker does, until all is: transactions of other databases of the server hold it up for moments. */
export const foldAll = (db: Database, most = 20_000): Promise<true> =>
  waitFor('all events to be folded', async () => {
    while ((await db.$transaction((tx) => foldUsage(tx, most, new Date()))) !== null);
    return isFolded(db);
  });

const SCALE = 10n ** 12n;

/** What a meter makes of events, counted one by one. */
export function bruteForce(
  name: MeterName,
  events: readonly Event[],
  { customer, from, to }: { customer: string; from: number; to: number },
): { quantity: string; events: bigint } {
  const meter = createMeterRequest.parse({ key: name, event_type: 'call', ...METERS[name] });
  const own = events.filter((one) => one.customer === customer && one.type === 'call' && one.at >= from && one.at < to);
  const counted = own.filter(({ data }) => {
    if (meter.aggregation === 'count') return true;
    if (meter.aggregation === 'unique') return data.user !== undefined && data.user !== null;
    if (!/^-?\d+(\.\d+)?$/.test(String(data.bytes))) return false;
    return name !== 'large' || scaled(data.bytes) >= 10n * SCALE;
  });
  const values = counted.map(({ data }) => scaled(data.bytes));
  const newest = [...counted].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1);
  const quantity = {
    count: () => String(counted.length),
    sum: () => decimal(values.reduce((sum, value) => sum + value, 0n)),
    max: () => decimal(values.reduce((most, value) => (value > most ? value : most), values[0] ?? 0n)),
    unique: () => String(new Set(counted.map(({ data }) => String(data.user))).size),
    latest: () => decimal(scaled(newest?.data.bytes ?? 0)),
  }[meter.aggregation]();
  return { quantity, events: BigInt(counted.length) };
}

function scaled(value: unknown): bigint {
  const [, sign, whole = '0', rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
  return BigInt(`${sign ?? ''}${whole}${rest.padEnd(12, '0')}`);
}

function decimal(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(13, '0');
  const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
}
