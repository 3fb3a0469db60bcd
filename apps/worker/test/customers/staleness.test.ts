import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BOUND_MS, Crowd, isWithin, type Statement } from './crowd.js';

const CROWD = Number(process.env.CUSTOMER_CROWD ?? 60);
const SECONDS = Number(process.env.CUSTOMER_SECONDS ?? 8);

interface Epoch {
  readonly epoch: number;
  readonly hash: string;
  readonly at: Date;
  readonly cause: string;
  readonly status: string;
  readonly features: Readonly<Record<string, number>>;
  readonly valid_until: string | null;
}

let crowd: Crowd;
beforeAll(async () => {
  crowd = await Crowd.open();
}, 60_000);
afterAll(() => crowd.close());

test(`${CROWD} changers and askers on one customer, two api processes, workers killed: nobody is told of what is over for more than a second`, async () => {
  await crowd.rage(CROWD, SECONDS * 1_000);
  const history = await told();
  const said = [...crowd.tokens, ...crowd.introspections];
  // What is said is what was true at some time: the very bytes of an epoch, of a customer who was not suspended.
  const truths = new Map(history.map((one) => [one.epoch, one]));
  expect(said.filter(({ epoch, hash }) => truths.get(epoch)?.hash !== hash)).toEqual([]);
  expect(said.filter(({ epoch }) => truths.get(epoch)?.status !== 'active')).toEqual([]);

  const acknowledged = epochsOf(history);
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(said.filter((one) => staleness(one, acknowledged) > BOUND_MS)).toEqual([]);

  // What ends by itself ends at its instant, whoever is awake; and the history says so.
  const over = ({ asked, epoch }: Statement) =>
    performance.timeOrigin + asked >= Date.parse(truths.get(epoch)?.valid_until ?? '9999-12-31T00:00:00Z');
  expect(said.filter(over)).toEqual([]);
  const passed = history.filter(({ cause }) => cause === 'time.passed');
  expect(passed.length).toBeGreaterThan(0);
  for (const { epoch, at } of passed) expect(at).toEqual(new Date(truths.get(epoch - 1)?.valid_until ?? 0));

  // Whoever asks a second after the suspension is refused, and no token is alive, at both processes (`Crowd` saw to it
  // that some asked).
  const inVain = ({ asked, answered }: Statement) =>
    crowd.suspensions.some((one) => isWithin(one, asked) && answered < one.until);
  expect(said.filter(inVain)).toEqual([]);
  report(acknowledged);
}, 120_000);

async function told(): Promise<Epoch[]> {
  const rows = await crowd.works.sql(
    'SELECT epoch, hash, at, cause, body FROM entitlement_history WHERE customer_id = $1 ORDER BY epoch',
    [crowd.customer],
  );
  return rows.map(({ body, ...row }) => ({ ...row, ...JSON.parse(body) }));
}

interface AcknowledgedEpoch {
  readonly epoch: number;
  readonly at: number;
}

/** The epoch of each acknowledged change: every value was set once. */
function epochsOf(history: readonly Epoch[]): AcknowledgedEpoch[] {
  return crowd.acknowledged.flatMap(({ at, feature, value, passing }) => {
    const found = history.find(({ features }) => features[feature] === value);
    if (found === undefined && passing) return [];
    if (found === undefined) throw new Error(`${feature} was never ${value}, though that was acknowledged`);
    return [{ epoch: found.epoch, at }];
  });
}

/** How long before the question a newer epoch had been acknowledged, in milliseconds; negative if none had. */
const staleness = ({ epoch, asked }: Statement, acknowledged: readonly AcknowledgedEpoch[]): number =>
  acknowledged.reduce((worst, one) => (one.epoch > epoch ? Math.max(worst, asked - one.at) : worst), -1);

function report(acknowledged: readonly AcknowledgedEpoch[]): void {
  const lines = [0, 1].flatMap((process) => {
    const said = crowd.tokens.filter((one) => one.process === process);
    const lagging = acknowledged.map(({ epoch, at }) =>
      said.reduce((worst, one) => (one.epoch < epoch ? Math.max(worst, one.asked - at) : worst), 0),
    );
    const first = acknowledged.flatMap(({ epoch, at }) => {
      const token = said.find((one) => one.epoch >= epoch && one.answered >= at);
      const isSuspended = crowd.suspensions.some(({ from, until }) => at < until && from < (token?.answered ?? 0));
      return token === undefined || isSuspended ? [] : [token.answered - at];
    });
    return [
      `  process ${process}: ${said.length} tokens; the last older one was asked for ${figures(lagging)} after the acknowledgement,`,
      `    the first new one was there ${figures(first)} after it`,
    ];
  });
  const { changes, questions } = crowd.unavailable;
  process.stderr.write(
    `${acknowledged.length} acknowledged changes, ${crowd.introspections.length} introspections, ${crowd.kills} workers killed, ` +
      `"not now" to ${changes} changes and ${questions} questions\n${lines.join('\n')}\n`,
  );
}

function figures(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, worst ${at(1)} ms`;
}
