import { toInstant } from '@bastionary/contracts/text';
import { createResource } from '@bastionary/oauth/actions/change-resources';
import { createClient } from '@bastionary/oauth/actions/create-client';
import { updateClient } from '@bastionary/oauth/actions/update-client';
import { DAY_MS, type Episode, HOUR_MS, idOf, ORIGIN, type World } from './chronicle.js';
import { CLIENTS, type DemoClient, RESOURCES } from './data/clients.js';

const HOURS_COUNTED = 14 * 24;

/** Protected APIs and the clients that call them. Their secrets are shown to nobody: whoever wants to try one rotates it. */
export const clientEpisodes: readonly Episode[] = [
  {
    daysAgo: 232,
    async happen({ tx }, now) {
      for (const resource of RESOURCES) await createResource(tx, ORIGIN, resource, now);
    },
  },
  ...CLIENTS.flatMap((client): Episode[] => [
    { daysAgo: client.daysAgo, happen: (world, now) => register(world, client, now) },
    ...(client.suspendedDaysAgo === undefined
      ? []
      : [{ daysAgo: client.suspendedDaysAgo, happen: (world, now) => suspend(world, client, now) } satisfies Episode]),
  ]),
  { daysAgo: 0, happen: countTokens },
];

async function register(world: World, { request, customer, expiresInDays }: DemoClient, now: Date): Promise<void> {
  const { tx, peppers, present, customers } = world;
  const customer_id = customer === undefined ? null : idOf(customers, customer);
  const expiry = expiresInDays === undefined ? null : toInstant(new Date(present.getTime() + expiresInDays * DAY_MS));
  await createClient(tx, ORIGIN, { ...request, expiry, customer_id }, peppers, now);
}

async function suspend({ tx }: World, { request: { client_id = '' } }: DemoClient, now: Date): Promise<void> {
  await updateClient(tx, ORIGIN, client_id, { status: 'suspended' }, undefined, now);
}

/** What the api would have counted of the last days: tokens were not issued, nobody has one. */
async function countTokens({ tx }: World, now: Date): Promise<void> {
  const thisHour = now.getTime() - (now.getTime() % HOUR_MS);
  const rows = CLIENTS.filter(({ busy }) => busy > 0).flatMap(
    ({ request: { client_id: clientId = '' }, busy, daysAgo }) =>
      Array.from({ length: Math.min(HOURS_COUNTED, Math.floor(daysAgo * 24)) }, (_, ago) => {
        const hour = new Date(thisHour - ago * HOUR_MS);
        return { clientId, hour, issued: BigInt(issuedIn(hour, busy, clientId)), lastAt: lastIn(hour, now) };
      }),
  );
  await tx.tokensPerHour.createMany({ data: rows });
}

// Most of the work happens around two in the afternoon, less at week-ends, and no two days are the same.
function issuedIn(hour: Date, busy: number, clientId: string): number {
  const ofDay = 0.15 + 0.85 * Math.exp(-((hour.getUTCHours() - 14) ** 2) / 18);
  const ofWeek = hour.getUTCDay() % 6 === 0 ? 0.4 : 1;
  const wobble = 0.8 + 0.4 * Math.abs(Math.sin(hour.getTime() / HOUR_MS + clientId.length * 7));
  return Math.ceil(busy * ofDay * ofWeek * wobble);
}

const lastIn = (hour: Date, now: Date): Date => new Date(Math.min(hour.getTime() + HOUR_MS - 41_000, now.getTime()));
