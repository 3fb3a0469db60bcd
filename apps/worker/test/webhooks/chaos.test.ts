import { waitFor } from '@bastionary/testing/wait-for';
import { WebhookSink } from '@bastionary/testing/webhook-sink';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse, verify } from './house.js';

const KEYS = 8;
const ROUNDS = 8;

let house: House;
let sink: WebhookSink;
beforeAll(async () => {
  sink = await WebhookSink.open();
  const pauses = Array.from({ length: 200 }, () => '0.2').join();
  house = await openHouse({ WEBHOOK_RETRY_SECONDS: pauses, WEBHOOK_TIMEOUT_MS: '700' });
});
afterAll(async () => {
  await house.works.close();
  await sink.kill();
});

interface Happened {
  id: string;
  key: string;
}

// What befalls the receiver in one round after the other, and what ends it.
const troubles: (() => Promise<void> | void)[] = [
  () => undefined,
  () => {
    sink.reply = () => (Math.random() < 0.5 ? 500 : 200);
  },
  () => sink.kill(),
  async () => {
    await sink.start();
    sink.reply = () => ({ status: 302, headers: { location: `${sink.url}/elsewhere` } });
  },
  () => {
    sink.reply = () => (Math.random() < 0.3 ? 'hang' : { status: 200, afterMs: 100 });
  },
  async () => {
    await sink.kill();
    await sink.start();
  },
  () => {
    sink.reply = () => 429;
  },
  () => {
    sink.reply = () => 200;
  },
];

test('every event arrives, in order per key, whatever befalls the receiver and the workers', async () => {
  const { works, register, rename } = house;
  const { id, signing_secret } = await register({ url: `${sink.url}/hook`, event_types: ['client.*'] });
  const clients = await Promise.all(Array.from({ length: KEYS }, () => works.client()));
  await works.worker();
  for (let round = 0; round < ROUNDS; round++) {
    await troubles[round]?.();
    const victim = await works.worker();
    await Promise.all(clients.map(({ client_id }) => rename(client_id, `Name ${round}`)));
    const before = sink.received.length;
    // In these rounds something must be under way when it is killed.
    if (round === 0 || round === 4) await waitFor('an attempt', () => sink.received.length > before);
    await victim.kill();
    works.workers.splice(works.workers.indexOf(victim), 1);
  }

  const happened = await works.sql<Happened>(`SELECT id, key FROM outbox_event
    WHERE type LIKE 'client.%' AND at >= (SELECT created_at FROM webhook_endpoint) ORDER BY seq`);
  expect(happened).toHaveLength(KEYS * (1 + ROUNDS));
  await waitFor('every event', () => sink.accepted().length >= happened.length, { within: 60_000 });
  await waitFor('its note', async () => (await house.get(id)).pending === 0, { within: 30_000 });

  expect(new Set(sink.accepted().map((one) => one.id))).toEqual(new Set(happened.map((one) => one.id)));
  expect(sink.received.every(({ path }) => path === '/hook')).toBe(true);
  for (const one of sink.received) expect(verify(one, signing_secret)).toMatchObject({ id: one.id });
  for (const { client_id } of clients) {
    const ids = happened.filter(({ key }) => key === `client:${client_id}`).map((one) => one.id);
    const own = sink.received.filter(({ data }) => data.client_id === client_id);
    expect(sink.accepted().flatMap((one) => (ids.includes(one.id) ? [one.id] : []))).toEqual(ids);
    // Not even tried before the one in front of it was accepted.
    for (const [index, eventId] of ids.entries()) {
      const front = own.findIndex((one) => one.id === ids[index - 1] && one.accepted);
      if (index > 0) expect(own.findIndex((one) => one.id === eventId)).toBeGreaterThan(front);
    }
  }
  const names = sink.accepted().filter(({ data }) => data.client_id === clients[0]?.client_id);
  expect(names.map(({ data }) => data.changes?.name.to ?? data.name)).toEqual([
    clients[0]?.client_id,
    ...Array.from({ length: ROUNDS }, (_, round) => `Name ${round}`),
  ]);
}, 180_000);
