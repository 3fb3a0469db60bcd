import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inDays, problem, Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

const at = expect.stringMatching(/Z$/);
const NOTHING = { seats: 0, sso: false, tier: null };
const FREE = { seats: 1, sso: false, tier: null };
const PRO = { seats: 10, sso: true, tier: 'pro' };
const state = async (id: string): Promise<string> => (await shop.subscription(id)).state;

describe('POST /api/subscriptions', () => {
  test('puts a customer on a plan, whole, with its record and what it grants', async () => {
    const customer = await shop.customer({ time_zone: 'Europe/Berlin' });
    const answer = await shop.house.manage('/api/subscriptions', {
      body: { customer_id: customer, plan: 'pro', quantity: 2, add_ons: [{ plan: 'extra@1', quantity: 3 }] },
    });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^sub_[0-9a-z]{26}$/),
        customer_id: customer,
        state: 'active',
        plan: 'pro@1',
        quantity: 2,
        items: [
          { plan: 'pro@1', kind: 'plan', quantity: 2, since: at },
          { plan: 'extra@1', kind: 'add_on', quantity: 3, since: at },
        ],
        start: at,
        trial_end: null,
        current_period: { start: answer.body.start, end: at },
        cancel_at: null,
        canceled_at: null,
        paused_from: null,
        paused_until: null,
        past_due_since: null,
        grace_until: null,
        suspended_at: null,
        refunded_at: null,
        scheduled: [],
        created_at: at,
        updated_at: at,
      },
    ]);
    const { id, start } = answer.body;
    const read = await shop.house.manage(`/api/subscriptions/${id}`);
    expect([read.body, read.headers.get('etag')]).toEqual([answer.body, answer.headers.get('etag')]);
    expect(await shop.entitlements(customer)).toMatchObject({
      plans: ['extra@1', 'pro@1'],
      features: { seats: 26, sso: true, tier: 'pro' },
      valid_until: null,
    });
    expect(await shop.house.audit(`subscription:${id}`)).toEqual([
      {
        actor: `client:${shop.house.api.admin.client_id}`,
        action: 'subscription.created',
        detail: {
          customer,
          plan: 'pro@1',
          quantity: 2,
          add_ons: [{ plan: 'extra@1', quantity: 3 }],
          start,
          trial_end: null,
        },
      },
    ]);
    expect((await shop.house.manage('/api/plans/pro')).body.versions[0].subscriptions).toBe(1);
  });

  test('a trial grants, ends by itself and goes on; its end is the anchor of the periods', async () => {
    const customer = await shop.customer();
    const trial = await shop.subscribe(customer, 'pro', { start: '2026-04-28T10:00:00Z', trial_days: 7 });
    expect(trial).toMatchObject({ state: 'active', trial_end: '2026-05-05T10:00:00Z' });
    expect(trial.current_period.start).toMatch(/-05T10:00:00Z$/);
    expect(await shop.features(customer)).toEqual(PRO);
    const other = await shop.customer();
    const fresh = await shop.subscribe(other, 'pro', { trial_days: 7 });
    expect([fresh.state, fresh.current_period.end]).toEqual(['trialing', fresh.trial_end]);
    expect(await shop.entitlements(other)).toMatchObject({ features: PRO, valid_until: null });
  });

  test('a start to come is known to the snapshot now', async () => {
    const customer = await shop.customer();
    const start = inDays(3);
    expect(await shop.subscribe(customer, 'pro', { start })).toMatchObject({ state: 'scheduled', start });
    expect(await shop.entitlements(customer)).toMatchObject({ features: NOTHING, valid_until: start, plans: [] });
  });

  test('a start to come takes effect at its instant, without any worker', async () => {
    const customer = await shop.customer();
    const start = new Date(Date.now() + 4_000).toISOString();
    await shop.subscribe(customer, 'pro', { start });
    expect(await shop.features(customer)).toEqual(NOTHING);
    let features = NOTHING;
    while (features.seats === 0) {
      expect(Date.now()).toBeLessThan(Date.parse(start) + 10_000);
      features = await shop.features(customer);
    }
    expect(features).toEqual(PRO);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(start));
    const { body } = await shop.house.manage(`/api/customers/${customer}/entitlements?at=${start}`);
    expect(body.features).toEqual(PRO);
  });

  test('the same request with the same Idempotency-Key is one subscription', async () => {
    const body = { customer_id: await shop.customer(), plan: 'pro' };
    const once = () => shop.house.manage('/api/subscriptions', { body, headers: { 'idempotency-key': 'sub-once' } });
    const answers = await Promise.all([once(), once(), once()]);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect((await shop.house.manage(`/api/subscriptions?customer_id=${body.customer_id}`)).body.data).toHaveLength(1);
  });

  test.each<[string, object, unknown[]]>([
    ['a customer that there is not', { customer_id: 'cus_none' }, [['/customer_id', 'unknown_customer']]],
    ['a plan that there is not', { plan: 'none' }, [['/plan', 'unknown_plan']]],
    ['a version that there is not', { plan: 'pro@9' }, [['/plan', 'unknown_plan']]],
    ['an add-on as plan', { plan: 'extra' }, [['/plan', 'wrong_kind']]],
    ['a plan as add-on', { add_ons: [{ plan: 'extra' }, { plan: 'free' }] }, [['/add_ons/1/plan', 'wrong_kind']]],
    ['an add-on twice', { add_ons: [{ plan: 'extra' }, { plan: 'extra@1' }] }, [['/add_ons', 'custom']]],
    ['no quantity', { quantity: 0 }, [['/quantity', 'too_small']]],
    ['a start that nobody will see', { start: '9999-01-01T00:00:00Z' }, [['/start', 'custom']]],
    ['a draft', { plan: 'draft' }, [['/plan', 'not_published']]],
    ['a draft by its number', { plan: 'draft@1' }, [['/plan', 'not_published']]],
  ])('refuses %s and changes nothing', async (_, some, errors) => {
    await shop.house.manage('/api/plans', { body: { key: 'draft', name: 'Draft' } });
    const customer = await shop.customer();
    const { hash } = await shop.entitlements(customer);
    const written = await shop.house.written();
    const body = { customer_id: customer, plan: 'pro', ...some };
    const answer = await shop.house.manage('/api/subscriptions', { body });
    expect(problem(answer)).toEqual([422, 'invalid_request', ...errors]);
    expect(await shop.house.written()).toEqual(written);
    expect((await shop.entitlements(customer)).hash).toBe(hash);
  });
});

describe('PATCH /api/subscriptions', () => {
  test('an upgrade now, a downgrade at the end of the period, withdrawn', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'basic');
    expect((await shop.change(id, { plan: 'pro' })).body).toMatchObject({ plan: 'pro@1', scheduled: [] });
    expect(await shop.features(customer)).toEqual(PRO);

    const down = (await shop.change(id, { plan: 'free', at: 'period_end' })).body;
    const { end } = down.current_period;
    expect(down).toMatchObject({ plan: 'pro@1', scheduled: [{ at: end, change: { plan: 'free@1' } }] });
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: end });
    const again = (await shop.change(id, { plan: 'free', at: 'period_end' })).body;
    expect(again).toEqual(down);
    const other = (await shop.change(id, { plan: 'basic', at: 'period_end' })).body;
    expect(other.scheduled).toMatchObject([{ at: end, change: { plan: 'basic@1' } }]);

    const scheduled = `/api/subscriptions/${id}/scheduled/${other.scheduled[0].id}`;
    expect((await shop.house.manage(scheduled, { method: 'DELETE' })).body.scheduled).toEqual([]);
    expect(problem(await shop.house.manage(scheduled, { method: 'DELETE' }))).toEqual([404, 'not_found']);
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: null });
    expect(await shop.actions(id)).toEqual(['subscription.created', ...Array(4).fill('subscription.updated')]);
  });

  test('quantity and add-ons', async () => {
    const customer = await shop.customer();
    const { id, items } = await shop.subscribe(customer, 'free');
    await shop.change(id, { quantity: 4, add_ons: [{ plan: 'extra' }] });
    expect(await shop.features(customer)).toEqual({ ...FREE, seats: 6 });
    const { body } = await shop.change(id, { add_ons: [] });
    expect(body.items).toMatchObject([{ plan: 'free@1', quantity: 4 }]);
    expect(Date.parse(body.items[0].since)).toBeGreaterThanOrEqual(Date.parse(items[0].since));
    expect(await shop.features(customer)).toEqual({ ...FREE, seats: 4 });
    expect((await shop.house.audit(`subscription:${id}`)).at(-1)?.detail).toEqual({
      add_ons: { from: [{ plan: 'extra@1', quantity: 1 }], to: [] },
    });
  });

  test('what is so already is not written', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'pro');
    const before = await shop.house.manage(`/api/subscriptions/${id}`);
    const after = await shop.change(id, { plan: 'pro', quantity: 1 });
    expect([after.body, after.headers.get('etag')]).toEqual([before.body, before.headers.get('etag')]);
    expect(await shop.actions(id)).toEqual(['subscription.created']);
  });

  test('cancel at the end of the period, take it back, cancel now', async () => {
    const customer = await shop.customer();
    const { id, current_period } = await shop.subscribe(customer, 'pro');
    await shop.change(id, { plan: 'free', at: 'period_end' });
    const ending = (await shop.change(id, { cancel: true, at: 'period_end' })).body;
    expect(ending).toMatchObject({ state: 'active', cancel_at: current_period.end, canceled_at: null });
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: current_period.end });
    expect((await shop.change(id, { cancel: false })).body).toMatchObject({ cancel_at: null });
    const over = (await shop.change(id, { cancel: true })).body;
    expect(over).toMatchObject({ state: 'canceled', canceled_at: at, current_period: null, scheduled: [] });
    expect(await shop.entitlements(customer)).toMatchObject({ features: NOTHING, plans: [], valid_until: null });
    expect((await shop.change(id, { cancel: true })).body).toEqual(over);
    const refused = await shop.change(id, { plan: 'free' });
    expect(problem(refused)).toEqual([409, 'subscription_conflict', ['', 'subscription_canceled']]);
    expect((await shop.actions(id)).at(-1)).toBe('subscription.canceled');
  });

  test('pause and resume, now and at instants to come', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'pro');
    expect((await shop.change(id, { pause: true })).body).toMatchObject({ state: 'paused', paused_until: null });
    expect(await shop.features(customer)).toEqual(NOTHING);
    const until = inDays(5);
    expect((await shop.change(id, { pause: false, at: until })).body).toMatchObject({
      state: 'paused',
      paused_until: until,
    });
    expect(await shop.entitlements(customer)).toMatchObject({ features: NOTHING, valid_until: until });
    expect((await shop.change(id, { pause: false })).body).toMatchObject({ state: 'active' });
    expect(await shop.features(customer)).toEqual(PRO);
    const later = inDays(2);
    expect((await shop.change(id, { pause: true, at: later })).body).toMatchObject({
      state: 'active',
      paused_from: later,
    });
    expect(await shop.entitlements(customer)).toMatchObject({ features: PRO, valid_until: later });
    expect(await shop.actions(id)).toEqual([
      'subscription.created',
      'subscription.paused',
      'subscription.updated',
      'subscription.resumed',
      'subscription.updated',
    ]);
  });

  test.each<[string, object, unknown[]]>([
    ['two things at once', { cancel: true, pause: true }, [422, 'invalid_request', ['', 'custom']]],
    ['nothing', { at: 'now' }, [422, 'invalid_request', ['', 'custom']]],
    [
      'an instant past',
      { quantity: 2, at: '2020-01-01T00:00:00Z' },
      [409, 'subscription_conflict', ['', 'in_the_past']],
    ],
    ['a plan that there is not', { plan: 'none' }, [422, 'invalid_request', ['/plan', 'unknown_plan']]],
  ])('refuses %s and changes nothing', async (_, body, expected) => {
    const { id } = await shop.subscribe(await shop.customer(), 'pro');
    const before = await shop.subscription(id);
    expect(problem(await shop.change(id, body))).toEqual(expected);
    expect(await shop.subscription(id)).toEqual(before);
  });

  test('If-Match: a version that has passed changes nothing', async () => {
    const { id } = await shop.subscribe(await shop.customer(), 'pro');
    const etag = (await shop.house.manage(`/api/subscriptions/${id}`)).headers.get('etag') ?? '';
    expect((await shop.change(id, { quantity: 2 }, '', { 'if-match': etag })).status).toBe(200);
    expect(problem(await shop.change(id, { quantity: 3 }, '', { 'if-match': etag }))).toEqual([
      412,
      'version_mismatch',
    ]);
    expect((await shop.subscription(id)).quantity).toBe(2);
  });

  test('two at once: both are done, one after the other; with If-Match only one is', async () => {
    const customer = await shop.customer();
    const { id } = await shop.subscribe(customer, 'free');
    const both = await Promise.all([
      shop.change(id, { quantity: 3 }),
      shop.change(id, { add_ons: [{ plan: 'extra' }] }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await shop.features(customer)).toEqual({ ...FREE, seats: 5 });

    const etag = (await shop.house.manage(`/api/subscriptions/${id}`)).headers.get('etag') ?? '';
    const matching = await Promise.all(
      [4, 5, 6].map((quantity) => shop.change(id, { quantity }, '', { 'if-match': etag })),
    );
    expect(matching.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const winner = matching.find(({ status }) => status === 200)?.body;
    expect(await shop.features(customer)).toEqual({ ...FREE, seats: winner.quantity + 2 });
  });

  test('a retry with the same Idempotency-Key is one change', async () => {
    const { id } = await shop.subscribe(await shop.customer(), 'pro');
    const headers = { 'idempotency-key': 'patch-once' };
    const first = await shop.change(id, { cancel: true }, '', headers);
    const second = await shop.change(id, { cancel: true }, '', headers);
    expect([second.status, second.body, second.headers.get('etag')]).toEqual([
      200,
      first.body,
      first.headers.get('etag'),
    ]);
  });
});

describe('GET /api/subscriptions', () => {
  test('by customer, plan and state; pages without loss', async () => {
    const customer = await shop.customer();
    const ids = [];
    for (const start of [undefined, inDays(1), '2026-01-31T00:00:00Z']) {
      ids.unshift((await shop.subscribe(customer, 'pro', { ...(start && { start }) })).id);
    }
    const paused = (await shop.subscribe(customer, 'free')).id;
    await shop.change(paused, { pause: true });
    const list = async (query: string) => {
      const { body } = await shop.house.manage(`/api/subscriptions?customer_id=${customer}&${query}`);
      return body.data.map(({ id }: { id: string }) => id);
    };
    expect(await list('')).toEqual([paused, ...ids]);
    expect(await list('plan=pro')).toEqual(ids);
    expect(await list('plan=pro@2')).toEqual([]);
    expect(await list('state=scheduled')).toEqual([ids[1]]);
    expect(await list('state=active')).toEqual([ids[0], ids[2]]);
    expect(await list('state=paused')).toEqual([paused]);
    expect(await list('state=canceled')).toEqual([]);
    const first = (await shop.house.manage(`/api/subscriptions?customer_id=${customer}&limit=3`)).body;
    expect(await list(`limit=3&cursor=${first.next_cursor}`)).toEqual(ids.slice(2));
    expect(await state(ids[1])).toBe('scheduled');
    expect(problem(await shop.house.manage('/api/subscriptions/sub_none'))).toEqual([404, 'not_found']);
    expect(problem(await shop.house.manage('/api/subscriptions?cursor=x'))).toEqual([
      422,
      'invalid_request',
      ['?cursor', 'invalid_cursor'],
    ]);
  });

  test('a monthly subscription from the 31st never drifts', async () => {
    const { current_period } = await shop.subscribe(await shop.customer(), 'basic', { start: '2026-01-31T00:00:00Z' });
    // The last day of its month, whatever month this is run in.
    expect(new Date(Date.parse(current_period.start) + 86_400_000).getUTCDate()).toBe(1);
    expect(current_period.start.slice(11)).toBe('00:00:00Z');
  });
});
