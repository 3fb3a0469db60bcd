import { askingPool, recordEvents, type UsageEventRow } from '@bastionary/billing/actions/metering/record-events';
import { isDatabaseAway } from '@bastionary/platform/database-errors';
import { Inject, Injectable } from '@nestjs/common';
import { Gathered } from '../../platform/gathered.js';
import { POOL, type Pool } from '../../platform/providers.js';

/** Events in one statement: a commit is shared by as many as wait for it, and none waits for too many. */
const STATEMENT_MAX = 4_000;

type Results = Awaited<ReturnType<typeof recordEvents>>;
type Outcome = { readonly results: Results } | { readonly error: unknown };

/** Writes the events of requests that come at the same moment in one transaction. */
@Injectable()
export class EventRecorder {
  private readonly gathered: Gathered<readonly UsageEventRow[], Outcome>;

  constructor(@Inject(POOL) pool: Pool) {
    const ask = askingPool(pool);
    const recordAll = async (requests: readonly (readonly UsageEventRow[])[]): Promise<Outcome[]> => {
      const results = await recordEvents(ask, requests.flat());
      let from = 0;
      return requests.map(({ length }) => {
        from += length;
        return { results: results.slice(from - length, from) };
      });
    };
    const recordEach = (requests: readonly (readonly UsageEventRow[])[]): Promise<Outcome[]> =>
      Promise.all(requests.map((one) => recordAll([one]).then(([only]) => only as Outcome, failed)));
    this.gathered = new Gathered(
      (requests) =>
        recordAll(requests).catch((error: unknown) => {
          // What is wrong with the events of one request is no matter of the others.
          if (requests.length === 1 || isDatabaseAway(error)) throw error;
          return recordEach(requests);
        }),
      { weigh: ({ length }) => length, most: STATEMENT_MAX },
    );
  }

  /** What became of each event, in order, once it is committed. */
  async record(events: readonly UsageEventRow[]): Promise<Results> {
    if (events.length === 0) return [];
    const outcome = await this.gathered.ask(events);
    if ('error' in outcome) throw outcome.error;
    return outcome.results;
  }
}

const failed = (error: unknown): Outcome => ({ error });
