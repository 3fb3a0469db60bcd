import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Shop } from './support.js';

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.house.close());

const DAY = 86_400;
const PATH = '/api/dunning-policy';
const put = (steps: unknown, headers: Record<string, string> = {}) =>
  shop.house.manage(PATH, { method: 'PUT', body: { steps } as object, headers });

describe('the dunning policy', () => {
  test('as it comes reminds after a day, warns after a week, suspends after three', async () => {
    const { status, body, headers } = await shop.house.manage(PATH);
    expect([status, headers.get('etag'), body]).toEqual([
      200,
      '"v1"',
      {
        steps: [
          { act: 'remind', after_seconds: DAY },
          { act: 'past_due', after_seconds: 7 * DAY },
          { act: 'remind', after_seconds: 14 * DAY },
          { act: 'suspend', after_seconds: 21 * DAY },
        ],
        updated_at: null,
      },
    ]);
  });

  test('is replaced as a whole, once, by whoever saw the last one', async () => {
    const steps = [
      { act: 'past_due', after_seconds: 0 },
      { act: 'suspend', after_seconds: DAY },
    ];
    const made = await put(steps, { 'if-match': '"v1"' });
    expect([made.status, made.headers.get('etag'), made.body]).toEqual([
      200,
      '"v2"',
      { steps, updated_at: expect.any(String) },
    ]);
    expect((await put([], { 'if-match': '"v1"' })).status).toBe(412);
    expect((await put(steps)).body).toEqual(made.body);
    const [audited, ...others] = await shop.house.sql(
      `SELECT action, target, detail FROM audit_log WHERE action LIKE 'dunning%'`,
    );
    expect(others).toEqual([]);
    expect(JSON.parse(audited.detail).steps.to).toEqual(steps);
  });

  test.each([
    ['a suspension without a warning', [{ act: 'suspend', after_seconds: 5 }], '/steps'],
    [
      'a warning after the suspension',
      [
        { act: 'suspend', after_seconds: 5 },
        { act: 'past_due', after_seconds: 6 },
      ],
      '/steps',
    ],
    [
      'two warnings',
      [
        { act: 'past_due', after_seconds: 5 },
        { act: 'past_due', after_seconds: 6 },
      ],
      '/steps',
    ],
    [
      'steps out of order',
      [
        { act: 'remind', after_seconds: 6 },
        { act: 'remind', after_seconds: 5 },
      ],
      '/steps',
    ],
    ['an unknown act', [{ act: 'sue', after_seconds: 5 }], '/steps/0/act'],
    ['a time before the due date', [{ act: 'remind', after_seconds: -1 }], '/steps/0/after_seconds'],
  ])('%s is refused', async (_what, steps, path) => {
    const before = (await shop.house.manage(PATH)).body;
    const { status, body } = await put(steps);
    expect([status, body.errors[0].path]).toEqual([422, path]);
    expect((await shop.house.manage(PATH)).body).toEqual(before);
  });
});
