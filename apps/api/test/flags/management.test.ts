import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House } from '../support.js';
import { BOOLEAN, flagsOf } from './support.js';

let house: House;
let flags: ReturnType<typeof flagsOf>;
beforeAll(async () => {
  house = await House.open();
  flags = flagsOf(house);
}, 180_000);
afterAll(() => house?.close());

const AT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const state = async () => {
  const [row] = await house.sql(`SELECT (SELECT md5(string_agg(f::text, ',' ORDER BY key)) FROM flag f) AS flags,
    (SELECT md5(string_agg(s::text, ',' ORDER BY environment, flag)) FROM flag_setting s) AS settings,
    (SELECT string_agg(key || revision, ',' ORDER BY key) FROM flag_environment) AS revisions,
    (SELECT count(*) FROM flag_revision) AS history, (SELECT count(*) FROM flag_change) AS changes,
    (SELECT count(*) FROM audit_log) AS audit, (SELECT count(*) FROM outbox_event) AS events`);
  return row;
};
const faultsOf = (answer: { body: { errors?: { path: string }[] } }) => answer.body.errors?.map(({ path }) => path);

describe('a flag', () => {
  test('is made in its minimal form, disabled everywhere, and tells all about itself', async () => {
    const made = await house.manage('/api/flags', { body: { key: 'minimal', ...BOOLEAN } });
    expect(made.status).toBe(201);
    const summary = {
      enabled: false,
      rules: 0,
      rollout: null,
      version: 1,
      updated_at: AT,
      last_evaluated_at: null,
      evaluations_7_days: '0',
    };
    expect(made.body).toEqual({
      key: 'minimal',
      ...BOOLEAN,
      off_variant: 'off',
      description: null,
      kind: 'release',
      owner: null,
      tags: [],
      expires_at: null,
      entitlement: null,
      required_plan: null,
      public: true,
      schema: null,
      archived_at: null,
      stale: null,
      environments: [
        { environment: 'development', ...summary },
        { environment: 'production', ...summary },
      ],
      created_at: AT,
      updated_at: AT,
    });
    expect((await house.audit('flag:minimal')).map(({ action }) => action)).toEqual(['flag.created']);
    const again = await house.manage('/api/flags', { body: { key: 'minimal', ...BOOLEAN } });
    expect([again.status, again.body.code]).toEqual([409, 'duplicate_flag']);
  });

  test.each<[string, object, string[]]>([
    ['a variant of another type', { variants: { on: true, off: 'no' } }, ['/variants/off']],
    ['a default that is no variant', { default_variant: 'maybe' }, ['/default_variant', '/off_variant']],
    ['a schema for a boolean', { schema: { type: 'object' } }, ['/schema']],
    ['an entitlement that is no feature', { entitlement: 'nothing' }, ['/entitlement']],
    ['a key of every object', { key: 'a.constructor' }, ['/key']],
  ])('is refused with %s, and nothing changes', async (_name, some, paths) => {
    const before = await state();
    const answer = await house.manage('/api/flags', { body: { key: 'refused', ...BOOLEAN, ...some } });
    expect([answer.status, faultsOf(answer)]).toEqual([422, paths]);
    expect(await state()).toEqual(before);
  });

  test('of objects fulfils its schema', async () => {
    const schema = { type: 'object', required: ['color'], properties: { color: { type: 'string' } } };
    const body = {
      key: 'theme',
      type: 'object',
      variants: { a: { color: 'red' }, b: {} },
      default_variant: 'a',
      schema,
    };
    const refused = await house.manage('/api/flags', { body });
    expect([refused.status, faultsOf(refused)]).toEqual([422, ['/variants/b']]);
    const made = await house.manage('/api/flags', { body: { ...body, variants: { a: { color: 'red' } } } });
    expect([made.status, made.body.schema]).toEqual([201, schema]);
  });

  test('is changed by the version that was seen, everywhere, and not below what asks for it', async () => {
    await flags.flag('changing', { variants: { on: true, off: false } });
    await flags.put('changing', { enabled: true, rules: [{ when: [], variant: 'on' }] });
    const seen = await house.manage('/api/flags/changing');
    const etag = seen.headers.get('etag') ?? '';
    const patch = (body: object, headers = {}) =>
      house.manage('/api/flags/changing', { method: 'PATCH', body, headers });
    const changed = await patch({ description: 'New', tags: ['a', 'a'], comment: 'why' }, { 'if-match': etag });
    expect([changed.status, changed.body.description, changed.body.tags]).toEqual([200, 'New', ['a']]);
    expect((await patch({ owner: 'x' }, { 'if-match': etag })).body.code).toBe('version_mismatch');
    const before = await state();
    const without = await patch({ variants: { off: false } });
    expect([without.status, without.body.detail]).toEqual([422, expect.stringContaining('production')]);
    expect(await state()).toEqual(before);
    expect((await house.manage('/api/flags?search=CHANGING')).body.data.map(({ key }: { key: string }) => key)).toEqual(
      ['changing'],
    );
  });

  test('is archived unless somebody asks for it, comes back, and goes for good', async () => {
    await flags.flag('leaving');
    const act = (what: string, body?: object) => house.manage(`/api/flags/leaving/${what}`, { method: 'POST', body });
    await house.sql(`INSERT INTO flag_use VALUES ('production', 'leaving', 'on', 'app', now(), 3, now())`);
    const refused = await act('archive', {});
    expect([refused.status, refused.body.code]).toEqual([409, 'flag_in_use']);
    expect(refused.body.detail).toContain('app (production)');
    expect((await act('archive', { force: true })).body.archived_at).toEqual(AT);
    expect((await flags.tryPut('leaving', { enabled: true })).body.code).toBe('flag_conflict');
    expect((await act('restore')).body.archived_at).toBeNull();
    const remove = () => house.manage('/api/flags/leaving', { method: 'DELETE' });
    expect((await remove()).body.code).toBe('flag_conflict');
    await act('archive', { force: true });
    expect((await remove()).status).toBe(204);
    expect((await house.manage('/api/flags/leaving')).status).toBe(404);
  });
});

describe('what a flag does', () => {
  const PRO = { attribute: '$platform.plan', operator: 'equals', value: 'pro' };
  const QUARTER = [
    { variant: 'on', weight: 25 },
    { variant: 'off', weight: 75 },
  ];

  test('is set, told in words, kept in history and restored', async () => {
    await flags.flag('governed');
    const first = await flags.put('governed', {
      enabled: true,
      rules: [{ when: [PRO], variant: 'on' }],
      rollout: QUARTER,
      comment: 'Pro first',
    });
    expect(first).toEqual({
      environment: 'production',
      flag: 'governed',
      enabled: true,
      prerequisites: [],
      rules: [{ id: 'rule-1', when: [PRO], variant: 'on' }],
      rollout: QUARTER,
      seed: 'governed',
      bucket_by: 'targetingKey',
      sentences: ['If the plan is pro: on', 'All others: 25 % on, 75 % off'],
      warnings: [],
      version: 2,
      environment_revision: expect.stringMatching(/^\d+$/),
      updated_at: AT,
    });
    const before = await state();
    await flags.put('governed', { enabled: true, rules: first.rules, rollout: QUARTER });
    expect(await state()).toEqual(before);
    await flags.put('governed', { enabled: false, rules: first.rules, rollout: null });
    const { data } = (await house.manage(`${flags.place('governed')}/revisions`)).body;
    expect(
      data.map(({ number, cause, comment, changes }: Record<string, unknown>) => [number, cause, comment, changes]),
    ).toEqual([
      [3, 'edited', null, ['Disabled', 'All others get off instead of 25 % on, 75 % off']],
      [
        2,
        'edited',
        'Pro first',
        ['Enabled', 'Added as rule 1: If the plan is pro: on', 'All others get 25 % on, 75 % off instead of off'],
      ],
      [1, 'created', null, ['Made, disabled']],
    ]);
    const restored = await flags.made(`${flags.place('governed')}/restore`, { revision: 2 });
    expect([restored.version, restored.enabled, restored.rollout]).toEqual([4, true, QUARTER]);
  });

  test.each<[string, object, string]>([
    ['weights that do not add up', { rollout: [{ variant: 'on', weight: 25 }] }, '/rollout'],
    ['a variant that is not there', { rules: [{ when: [], variant: 'x' }] }, '/rules/0/variant'],
    ['a flag that is not there', { prerequisites: [{ flag: 'none', variants: ['on'] }] }, '/prerequisites/0/flag'],
    [
      'a segment that is not there',
      { rules: [{ when: [{ segment: 'none', operator: 'in' }], variant: 'on' }] },
      '/rules/0/when/0/segment',
    ],
    [
      'a regular expression that is none',
      { rules: [{ when: [{ attribute: 'a', operator: 'matches', value: '(' }], variant: 'on' }] },
      '/rules/0/when/0/value',
    ],
    [
      'a bomb',
      {
        rules: [
          { when: [{ attribute: 'a', operator: 'matches', value: '((a{1,100}){1,100}){1,100}' }], variant: 'on' },
        ],
      },
      '/rules/0/when/0/value',
    ],
    ['itself', { prerequisites: [{ flag: 'strict', variants: ['on'] }] }, '/rules'],
  ])('is refused with %s, and nothing changes', async (_name, some, path) => {
    await house.manage('/api/flags', { body: { key: 'strict', ...BOOLEAN } });
    const before = await state();
    const answer = await flags.tryPut('strict', { enabled: true, ...some });
    expect([answer.status, faultsOf(answer)]).toEqual([422, [path]]);
    expect(await state()).toEqual(before);
  });

  test('never asks for itself, at any depth', async () => {
    for (const key of ['ring-a', 'ring-b', 'ring-c']) await flags.flag(key);
    const needs = (flag: string) => ({ enabled: true, prerequisites: [{ flag, variants: ['on'] }] });
    await flags.put('ring-a', needs('ring-b'));
    await flags.put('ring-b', needs('ring-c'));
    const answer = await flags.tryPut('ring-c', needs('ring-a'));
    expect(answer.body.detail).toContain('flag ring-c → flag ring-a → flag ring-b → flag ring-c');
    const archive = await house.manage('/api/flags/ring-c/archive', { body: {} });
    expect([archive.status, archive.body.detail]).toEqual([409, expect.stringContaining('flag ring-b')]);
  });

  test('has one order, however many change it at once', async () => {
    await flags.flag('raced');
    const puts = Array.from({ length: 20 }, (_, index) =>
      flags.tryPut('raced', { enabled: true, seed: `seed-${index}` }),
    );
    expect((await Promise.all(puts)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    const rows = await house.sql('SELECT number FROM flag_revision WHERE flag = $1 AND environment = $2 ORDER BY 1', [
      'raced',
      'production',
    ]);
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });

  test('is tried out as a customer, and says for whom it would change', async () => {
    await flags.made('/api/plans', { key: 'pro', name: 'Pro', features: {} }).catch(() => undefined);
    const customer = await flags.made('/api/customers', { name: 'Acme', email: 'a@example.com', currency: 'EUR' });
    await flags.flag('tried');
    await flags.put('tried', { enabled: true });
    const settings = {
      enabled: true,
      rules: [
        {
          id: 'mine',
          when: [{ attribute: '$platform.customer', operator: 'equals', value: customer.id }],
          variant: 'on',
        },
      ],
    };
    const context = { targetingKey: 'u1', $platform: { customer: 'forged' } };
    const tested = await flags.made(`${flags.place('tried')}/test`, { settings, context, customer_id: customer.id });
    expect([tested.variant, tested.reason, tested.dropped]).toEqual(['on', 'TARGETING_MATCH', ['$platform']]);
    expect(tested.trace.at(-1)).toEqual({
      step: 'rule',
      result: 'decides',
      rule: 'mine',
      fact: 'Rule 1 holds: it gives on.',
      conditions: [{ sentence: `the customer is ${customer.id}`, holds: true, value: customer.id, source: 'platform' }],
      bucket: null,
    });
    const preview = await flags.made(`${flags.place('tried')}/preview`, settings);
    expect([preview.changed, preview.moves]).toEqual([1, [{ from: 'off', to: 'on', customers: 1 }]]);
    expect(preview.sentence).toBe(`1 of ${preview.customers} customers changes`);
    const gone = await flags.made(`${flags.place('tried')}/preview`, { enabled: false });
    expect(gone.changed).toBe(0);
  });
});

describe('what is arranged', () => {
  test('is told in words, taken back, and keeps what it needs', async () => {
    await flags.flag('later');
    await flags.put('later', { enabled: true });
    const steps = [25, 50, 100].map((weight, index) => ({ at: inSeconds(3_600 * (index + 1)), weight }));
    const ramp = await house.manage(`${flags.place('later')}/schedule/ramp`, {
      body: { variant: 'on', steps, comment: 'slowly' },
    });
    expect([ramp.status, ramp.body.data.map(({ sentences }: { sentences: string[] }) => sentences)]).toEqual([
      201,
      [
        ['All others get 25 % on, 75 % off instead of off'],
        ['All others get 50 % on, 50 % off instead of 25 % on, 75 % off'],
        ['All others get on instead of 50 % on, 50 % off'],
      ],
    ]);
    const [{ ramp: id }] = ramp.body.data;
    const past = await house.manage(`${flags.place('later')}/schedule`, {
      body: { at: inSeconds(-5), change: { enabled: false } },
    });
    expect([past.status, faultsOf(past)]).toEqual([422, ['/at']]);
    expect((await house.manage(`${flags.place('later')}/schedule/${id}`, { method: 'DELETE' })).status).toBe(204);
    const { data } = (await house.manage(`${flags.place('later')}/schedule`)).body;
    expect(data.map(({ state: one }: { state: string }) => one)).toEqual(['canceled', 'canceled', 'canceled']);
  });
});

describe('environments and segments', () => {
  test('an environment begins as a copy, is compared, and goes when no client needs it', async () => {
    await flags.flag('copied');
    await flags.put('copied', { enabled: true, rollout: [{ variant: 'on', weight: 100 }] });
    const made = await house.manage('/api/environments', { body: { key: 'staging', copy_from: 'production' } });
    expect([made.status, made.body]).toEqual([
      201,
      { key: 'staging', name: 'staging', revision: expect.any(String), clients: 0, created_at: AT, updated_at: AT },
    ]);
    const compare = (other: string) => house.manage(`/api/environments/staging/compare?with=${other}`);
    expect((await compare('production')).body.different).toEqual([]);
    await flags.put('copied', { enabled: false, rollout: [{ variant: 'on', weight: 100 }] }, 'staging');
    expect((await compare('production')).body.different).toEqual([{ flag: 'copied', changes: ['Enabled'] }]);
    const copied = await flags.made('/api/environments/staging/copy', { from: 'production', flags: ['copied'] });
    expect(copied).toEqual({ flags: ['copied'] });
    const client = await house.client({ environment: 'staging' });
    const remove = () => house.manage('/api/environments/staging', { method: 'DELETE' });
    expect((await remove()).body.code).toBe('environment_in_use');
    await house.manage(`/api/clients/${client.client_id}`, { method: 'PATCH', body: { environment: null } });
    expect((await remove()).status).toBe(204);
    const again = await flags.made('/api/environments', { key: 'staging' });
    expect(BigInt(again.revision) > BigInt(made.body.revision)).toBe(true);
    const nowhere = await house.manage('/api/clients', { body: { scopes: ['read'], environment: 'nowhere' } });
    expect([nowhere.status, faultsOf(nowhere)]).toEqual([422, ['/environment']]);
  });

  test('a segment is shared, and stays while something asks for it', async () => {
    const made = await house.manage('/api/segments', {
      body: {
        key: 'beta',
        included: ['u1'],
        groups: [{ when: [{ attribute: 'country', operator: 'in', values: ['DE', 'FR'] }] }],
      },
    });
    expect([made.status, made.body.sentences]).toEqual([201, ['In it: u1', 'In it if country is one of DE, FR']]);
    await flags.flag('segmented');
    await flags.put('segmented', {
      enabled: true,
      rules: [{ when: [{ segment: 'beta', operator: 'in' }], variant: 'on' }],
    });
    const remove = await house.manage('/api/segments/beta', { method: 'DELETE' });
    expect([remove.status, remove.body.code, remove.body.detail]).toEqual([
      409,
      'segment_in_use',
      expect.stringContaining('flag segmented'),
    ]);
    const self = await house.manage('/api/segments/beta', {
      method: 'PATCH',
      body: { groups: [{ when: [{ segment: 'beta', operator: 'in' }] }] },
    });
    expect([self.status, self.body.detail]).toEqual([422, expect.stringContaining('circle')]);
    const test = (targetingKey: string) =>
      flags.made(`${flags.place('segmented')}/test`, { context: { targetingKey } });
    expect([(await test('u1')).variant, (await test('u2')).variant]).toEqual(['on', 'off']);
  });

  test('a public key is made and revoked', async () => {
    const path = '/api/environments/production/client-keys';
    const made = await house.manage(path, { body: { name: 'Web', origins: ['https://app.example.com'] } });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^fck_/),
        environment: 'production',
        name: 'Web',
        key: expect.stringMatching(/^pk_[\w-]{32}$/),
        origins: ['https://app.example.com'],
        created_at: AT,
        revoked_at: null,
      },
    ]);
    expect((await house.manage(`${path}/${made.body.id}`, { method: 'DELETE' })).status).toBe(204);
    const { data } = (await house.manage(path)).body;
    expect(data).toEqual([{ ...made.body, revoked_at: AT }]);
  });

  test('what happened is in the log and told', async () => {
    const types = await waitFor('events', async () => {
      const rows = await house.sql(
        `SELECT DISTINCT type FROM outbox_event WHERE type ~ '^(flag|environment|segment)' ORDER BY 1`,
      );
      return rows.length > 10 && rows.map(({ type }) => type);
    });
    expect(types).toEqual(
      expect.arrayContaining([
        'environment.created',
        'environment.deleted',
        'flag.archived',
        'flag.change_canceled',
        'flag.change_scheduled',
        'flag.created',
        'flag.restored',
        'flag.targeting_changed',
        'flag.updated',
        'flag_client_key.created',
        'flag_client_key.revoked',
        'segment.created',
      ]),
    );
  });
});
