import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, patiently } from '../support.js';
import { licensesOf, UNLIMITED } from './support.js';

// Two api processes and no worker: who is dead, the clock of the database says.
let houses: [House, House];
let on: ReturnType<typeof licensesOf>;
let sides: ReturnType<typeof licensesOf>[];
beforeAll(async () => {
  const one = await House.open({ env: UNLIMITED });
  houses = [one, await one.beside(UNLIMITED)];
  sides = houses.map(licensesOf);
  [on] = sides as [ReturnType<typeof licensesOf>];
}, 180_000);
afterAll(async () => {
  for (const house of houses.reverse()) await house.close();
});

const CROWD = 50;
const crowd = <Result>(ask: (side: ReturnType<typeof licensesOf>, index: number) => Promise<Result>, size = CROWD) =>
  Promise.all(Array.from({ length: size }, (_, index) => ask(sides[index % 2] as never, index)));
const tally = (answers: { status: number; body: { code?: string } }[]) => {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const key = `${status} ${body?.code ?? ''}`.trim();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
const machines = (id: string) =>
  houses[0].sql('SELECT id, fingerprint, dies_at, dead_at FROM machine WHERE license_id = $1 ORDER BY id', [id]);
const dies = (id: string, when: string) =>
  houses[0].sql(`UPDATE machine SET dies_at = ${when} WHERE license_id = $1`, [id]);
const types = async (id: string) => (await on.events(id)).map(({ type }) => type);
const ping = (side: ReturnType<typeof licensesOf>, id: string, machine: string) =>
  patiently(() => side.act(id, `machines/${machine}/ping`));
const DYING = { floating: true, require_heartbeat: true, heartbeat_duration: 600 };

describe('seats, two processes', () => {
  test('1: the last seat wanted by 50 at once goes to one', async () => {
    const { id } = await on.license({ max_machines: 3, floating: true });
    for (const name of ['a', 'b']) await on.activate(id, name);
    const answers = await crowd((side, index) => patiently(() => side.activate(id, `machine ${index}`)));
    expect(tally(answers)).toEqual({ '201': 1, '409 machine_limit_exceeded': 49 });
    expect(await machines(id)).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 409)?.body;
    expect(refused.errors).toEqual([{ path: '/fingerprint', code: 'machine_limit_exceeded', message: refused.detail }]);
  });

  test('2: the same fingerprint by 50 at once is one machine, and every answer is it', async () => {
    const { id } = await on.license({ max_machines: 5, floating: true });
    const answers = await crowd((side) => patiently(() => side.activate(id, 'same')));
    expect(tally(answers)).toEqual({ '200': 49, '201': 1 });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect([await machines(id), await types(id)]).toMatchObject([
      [{ fingerprint: 'same' }],
      ['license.created', 'machine.activated'],
    ]);
  });

  test('3: activated and deactivated by 50 at once at the limit: never more than there are, and the books agree', async () => {
    const { id } = await on.license({ max_machines: 2, floating: true });
    const answers = await crowd(async (side, index) => {
      const machine = await patiently(() => side.activate(id, `m${index}`));
      expect((await machines(id)).length).toBeLessThanOrEqual(2);
      if (machine.status === 201) {
        const path = `/api/licenses/${id}/machines/${machine.body.id}`;
        await patiently(() => houses[index % 2]?.manage(path, { method: 'DELETE' }) as never);
      }
      return machine;
    });
    const taken = answers.filter(({ status }) => status === 201).length;
    expect(taken).toBeGreaterThanOrEqual(2);
    expect(await machines(id)).toEqual([]);
    const told = await types(id);
    expect(
      ['activated', 'deactivated'].map((what) => told.filter((type) => type === `machine.${what}`).length),
    ).toEqual([taken, taken]);
  });

  test('4: retried with the same Idempotency-Key it is the same machine, one seat, one event', async () => {
    const { id } = await on.license({ max_machines: 3, floating: true });
    const headers = { 'idempotency-key': 'after-a-timeout' };
    const answers = await crowd((side) => patiently(() => side.activate(id, 'again', {}, headers)), 10);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect([(await machines(id)).length, await types(id)]).toEqual([1, ['license.created', 'machine.activated']]);
  });

  test('5, 6: alive at its deadline, dead after it; then a heartbeat is refused', async () => {
    const { id } = await on.license(DYING);
    const { body } = await on.activate(id, 'fp');
    expect(body).toMatchObject({ heartbeat_status: 'NOT_STARTED', dies_at: expect.any(String) });
    expect((await ping(on, id, 'fp')).body).toMatchObject({ heartbeat_status: 'ALIVE' });
    await dies(id, "clock_timestamp() - interval '1 millisecond'");
    const refused = await ping(on, id, 'fp');
    expect([refused.status, refused.body.code, refused.body.errors[0].code]).toEqual([
      409,
      'machine_dead',
      'machine_heartbeat_dead',
    ]);
    const [seen] = (await houses[0].manage(`/api/licenses/${id}/machines`)).body.data;
    expect(seen.heartbeat_status).toBe('DEAD');
  });

  test('8: heartbeats against the taking of dead seats: whoever lives has a seat, and none has two', async () => {
    const { id } = await on.license({ ...DYING, max_machines: 2, heartbeat_resurrection_strategy: '15_MINUTE_REVIVE' });
    const alive = [(await on.activate(id, 'a')).body.id, (await on.activate(id, 'b')).body.id];
    await dies(id, "clock_timestamp() - interval '1 second'");
    const answers = await crowd(async (side, index) =>
      index % 5 === 0 ? patiently(() => side.activate(id, `new ${index}`)) : ping(side, id, alive[index % 2] as string),
    );
    const rows = await machines(id);
    expect(rows).toHaveLength(2);
    const last = new Map<string, number>();
    for (const { status, body } of answers) if (status < 300) last.set(body.id, status);
    for (const row of rows) expect([row.fingerprint, last.has(row.id)]).toEqual([row.fingerprint, true]);
    expect(
      Object.keys(tally(answers)).every((one) =>
        /^(200|201|404 not_found|409 machine_limit_exceeded|409 machine_dead)$/.test(one),
      ),
    ).toBe(true);
  });

  test('9: the seat of the dead is free at the instant of death, without any job; 50 want it, one gets it', async () => {
    const { id } = await on.license({ ...DYING, max_machines: 1 });
    await on.activate(id, 'old');
    expect((await on.activate(id, 'too early')).status).toBe(409);
    await dies(id, "clock_timestamp() - interval '1 millisecond'");
    expect((await on.act(id, 'validate', { body: {} })).body.seats_free).toBe(1);
    const answers = await crowd((side, index) => patiently(() => side.activate(id, `new ${index}`)));
    expect(tally(answers)).toEqual({ '201': 1, '409 machine_limit_exceeded': 49 });
    expect(await types(id)).toEqual([
      'license.created',
      'machine.activated',
      'machine.died',
      'machine.deactivated',
      'machine.activated',
    ]);
  });

  test('10: where heartbeats are not asked for, a machine that never sent one does not die', async () => {
    const { id } = await on.license({ max_machines: 1 });
    expect((await on.activate(id, 'quiet')).body).toMatchObject({ heartbeat_status: 'NOT_STARTED', dies_at: null });
  });

  test('a fingerprint that may be only once in the account, by 50 at once under two licences: one', async () => {
    const terms = { floating: true, machine_uniqueness_strategy: 'UNIQUE_PER_ACCOUNT' };
    const [one, other] = [await on.license(terms), await on.license(terms)];
    const answers = await crowd((side, index) =>
      patiently(() => side.activate(index % 4 < 2 ? one.id : other.id, 'unique')),
    );
    const counts = tally(answers);
    expect([counts['201'], (counts['200'] ?? 0) + (counts['409 fingerprint_taken'] ?? 0)]).toEqual([1, 49]);
    expect((await machines(one.id)).length + (await machines(other.id)).length).toBe(1);
  });

  test('32: 100 uses counted at once against 60: exactly 60; never below none', async () => {
    const { id } = await on.license({ max_uses: 60 });
    const answers = await crowd((side) => patiently(() => side.act(id, 'uses/increment', { body: {} })), 100);
    expect(tally(answers)).toEqual({ '200': 60, '409 uses_exceeded': 40 });
    const refused = await on.act(id, 'uses/decrement', { body: { amount: 61 } });
    expect([refused.status, refused.body.errors[0].code]).toEqual([409, 'uses_below_zero']);
    expect((await on.act(id, 'uses/decrement', { body: { amount: 60 } })).body.uses).toBe(0);
  });
});
