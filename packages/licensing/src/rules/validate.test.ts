import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import { VALIDATION_CODES, type ValidationCode, type ValidationScope } from '@bastionary/contracts/license-validation';
import { describe, expect, test } from '@jest/globals';
import { daysFromNow, licenseOf, machineOf, NOW } from '../../test/sample-license.js';
import { validate } from './validate.js';
import type { ValidationFacts } from './validation-facts.js';

interface Case {
  readonly terms?: Partial<PolicyTerms>;
  readonly facts?: Parameters<typeof licenseOf>[1];
  readonly scope?: ValidationScope;
}

const A_MINUTE_AGO = new Date(NOW.getTime() - 60_000);
const dead = machineOf({ lastHeartbeatAt: daysFromNow(-1), diesAt: A_MINUTE_AGO });
const machines = [machineOf()];
const RELEASE = { version: '1.2.0', checksums: ['ab12'], publishedAt: daysFromNow(-2) };
const STRICT = { strict: true, floating: true };
const over = (limit: keyof PolicyTerms, used: Partial<ValidationFacts['used']>): Case => ({
  terms: { ...STRICT, [limit]: 4 },
  facts: { machines, used: { max_machines: 1, ...used } },
});

// In the order of the reference: every code, and the least that leads to it.
const CASES: Record<Exclude<ValidationCode, 'NOT_FOUND'>, Case> = {
  BANNED: { facts: { isOwnerSuspended: true } },
  SUSPENDED: { facts: { suspensions: ['operator'] } },
  EXPIRED: { facts: { expiresAt: NOW } },
  OVERDUE: { terms: { require_check_in: true, check_in_interval: 'week' } },
  ENVIRONMENT_SCOPE_MISMATCH: { scope: { environment: 'staging' } },
  ENVIRONMENT_SCOPE_REQUIRED: { terms: { require_environment_scope: true } },
  PRODUCT_SCOPE_MISMATCH: { scope: { product: 'prd_2' } },
  PRODUCT_SCOPE_REQUIRED: { terms: { require_product_scope: true } },
  POLICY_SCOPE_MISMATCH: { scope: { policy: 'pol_2' } },
  POLICY_SCOPE_REQUIRED: { terms: { require_policy_scope: true } },
  USER_SCOPE_MISMATCH: { scope: { user: 'usr_2' } },
  USER_SCOPE_REQUIRED: { terms: { require_user_scope: true } },
  ENTITLEMENTS_SCOPE_EMPTY: { scope: { entitlements: [] } },
  ENTITLEMENTS_MISSING: { facts: { entitlements: { export: true } }, scope: { entitlements: ['export', 'sso'] } },
  MACHINE_SCOPE_MISMATCH: { facts: { machines }, scope: { machine: 'mac_2' } },
  MACHINE_SCOPE_REQUIRED: { terms: { require_machine_scope: true } },
  NO_MACHINE: { scope: { fingerprint: 'fp-1' } },
  NO_MACHINES: { terms: { floating: true }, scope: { machine: 'mac_1' } },
  FINGERPRINT_SCOPE_MISMATCH: { facts: { machines }, scope: { fingerprint: 'fp-2' } },
  FINGERPRINT_SCOPE_REQUIRED: { terms: { require_fingerprint_scope: true } },
  FINGERPRINT_SCOPE_EMPTY: { facts: { machines }, scope: { fingerprints: [] } },
  HEARTBEAT_NOT_STARTED: { terms: { require_heartbeat: true }, facts: { machines }, scope: { fingerprint: 'fp-1' } },
  HEARTBEAT_DEAD: { facts: { machines: [dead] }, scope: { fingerprint: 'fp-1' } },
  COMPONENTS_SCOPE_MISMATCH: { facts: { machines }, scope: { fingerprint: 'fp-1', components: ['cpu'] } },
  COMPONENTS_SCOPE_REQUIRED: { terms: { require_components_scope: true } },
  COMPONENTS_SCOPE_EMPTY: { facts: { machines }, scope: { fingerprint: 'fp-1', components: [] } },
  CHECKSUM_SCOPE_MISMATCH: { facts: { releases: [RELEASE] }, scope: { checksum: 'cd34' } },
  CHECKSUM_SCOPE_REQUIRED: { terms: { require_checksum_scope: true } },
  VERSION_SCOPE_MISMATCH: { facts: { releases: [RELEASE] }, scope: { version: '1.3.0' } },
  VERSION_SCOPE_REQUIRED: { terms: { require_version_scope: true } },
  TOO_MANY_USERS: { terms: { max_users: 1 }, facts: { used: { max_users: 2 } } },
  TOO_MANY_MACHINES: over('max_machines', { max_machines: 5 }),
  TOO_MANY_CORES: over('max_cores', { max_cores: 5 }),
  TOO_MUCH_MEMORY: over('max_memory', { max_memory: 5 }),
  TOO_MUCH_DISK: over('max_disk', { max_disk: 5 }),
  TOO_MANY_PROCESSES: over('max_processes', { max_processes: 5 }),
  VALID: {},
};
const CODES = Object.keys(CASES) as (keyof typeof CASES)[];
const judge = ({ terms, facts, scope }: Case) => validate(licenseOf(terms, facts), scope ?? {}, NOW);
const codesOf = (some: readonly { code: string }[]) => some.map(({ code }) => code);

describe('every code', () => {
  test('has its case, in the order of the reference', () => {
    expect(['NOT_FOUND', ...CODES]).toEqual(Object.keys(VALIDATION_CODES));
    expect(CODES).toHaveLength(37);
  });

  test.each(CODES)('%s', (code) => {
    const { valid, failures, warnings, detail, ...answer } = judge(CASES[code]);
    const isValid = code === 'VALID';
    expect([valid, answer.code, detail]).toEqual([isValid, code, VALIDATION_CODES[code]]);
    expect([codesOf(failures), warnings]).toEqual([isValid ? [] : [code], []]);
  });

  test('NOT_FOUND: there is none, or it was revoked', () => {
    const answer = validate(null, {}, NOW);
    expect(answer).toMatchObject({ valid: false, code: 'NOT_FOUND', limits: {}, entitlements: {} });
    expect(judge({ facts: { revokedAt: NOW, isOwnerSuspended: true } })).toEqual(answer);
  });

  // Whatever else is wrong: the code is the first of the list, and all of them are told.
  const MERGEABLE = CODES.filter((code) => code !== 'VALID' && code !== 'EXPIRED');
  const pairs = MERGEABLE.flatMap((one, index) => MERGEABLE.slice(index + 1).map((other) => [one, other] as const));
  const isOneField = ([one, other]: readonly [ValidationCode, ValidationCode]) => {
    const [a, b] = [one, other].map((code) => CASES[code as keyof typeof CASES]);
    const keys = (part: 'terms' | 'facts' | 'scope') =>
      Object.keys(a?.[part] ?? {}).filter((key) => key in (b?.[part] ?? {}));
    const said =
      one.split('_SCOPE')[0] === other.split('_SCOPE')[0] || /MACHINE|FINGERPRINT|HEARTBEAT|COMPONENT/.test(one);
    return keys('facts').length + keys('scope').length > 0 || said || /^TOO/.test(one);
  };
  test('of two failures that do not depend on each other the first is the code, the other is told', () => {
    const independent = pairs.filter((pair) => !isOneField(pair));
    expect(independent.length).toBeGreaterThan(200);
    for (const [one, other] of independent) {
      const [a, b] = [CASES[one as keyof typeof CASES], CASES[other as keyof typeof CASES]];
      const both = {
        terms: { ...b.terms, ...a.terms },
        facts: { ...a.facts, ...b.facts },
        scope: { ...a.scope, ...b.scope },
      };
      const { code, failures } = judge(both);
      expect([code, codesOf(failures)]).toEqual([one, expect.arrayContaining([one, other])]);
    }
  });
});

describe('11: an expired licence', () => {
  const expired = (expiration_strategy: PolicyTerms['expiration_strategy'], more: Case = {}): Case => ({
    terms: { expiration_strategy, ...more.terms },
    facts: { expiresAt: daysFromNow(-1), ...more.facts },
    scope: more.scope ?? {},
  });
  test.each([
    ['RESTRICT_ACCESS', false],
    ['REVOKE_ACCESS', false],
    ['MAINTAIN_ACCESS', true],
    ['ALLOW_ACCESS', true],
  ] as const)('%s: EXPIRED, valid %s', (strategy, valid) => {
    expect(judge(expired(strategy))).toMatchObject({
      valid,
      code: 'EXPIRED',
      detail: 'is expired',
      grace_ends_at: null,
    });
  });

  test('REVOKE_ACCESS comes before everything that can be put right, RESTRICT_ACCESS after it', () => {
    const wrong = { facts: { machines }, scope: { fingerprint: 'fp-2' } };
    expect(codesOf(judge(expired('REVOKE_ACCESS', wrong)).failures)).toEqual(['EXPIRED', 'FINGERPRINT_SCOPE_MISMATCH']);
    expect(codesOf(judge(expired('RESTRICT_ACCESS', wrong)).failures)).toEqual([
      'FINGERPRINT_SCOPE_MISMATCH',
      'EXPIRED',
    ]);
    const maintained = judge(expired('MAINTAIN_ACCESS', wrong));
    expect([maintained.valid, maintained.code]).toEqual([false, 'FINGERPRINT_SCOPE_MISMATCH']);
    expect(codesOf(maintained.warnings)).toEqual(['EXPIRED']);
  });

  test('MAINTAIN_ACCESS has what was published up to its expiry, ALLOW_ACCESS what came after too', () => {
    const release = (days: number) => ({ version: '1.2.0', checksums: ['ab12'], publishedAt: daysFromNow(days) });
    const of = (strategy: 'MAINTAIN_ACCESS' | 'ALLOW_ACCESS', days: number) =>
      codesOf(
        judge(
          expired(strategy, { facts: { releases: [release(days)] }, scope: { version: '1.2.0', checksum: 'ab12' } }),
        ).failures,
      );
    expect([of('MAINTAIN_ACCESS', -2), of('MAINTAIN_ACCESS', -1), of('ALLOW_ACCESS', -0.5)]).toEqual([[], [], []]);
    expect(of('MAINTAIN_ACCESS', -0.5)).toEqual(['CHECKSUM_SCOPE_MISMATCH', 'VERSION_SCOPE_MISMATCH']);
    expect(of('ALLOW_ACCESS', 1)).toEqual(['CHECKSUM_SCOPE_MISMATCH', 'VERSION_SCOPE_MISMATCH']);
  });
});

test.each(['RESTRICT_ACCESS', 'REVOKE_ACCESS'] as const)('12: %s with 7 days of grace', (expiration_strategy) => {
  const terms = { expiration_strategy, grace_duration: 7 * 86_400 };
  const on = (day: number) => judge({ terms, facts: { expiresAt: daysFromNow(-day) } });
  expect(on(6)).toMatchObject({
    valid: true,
    code: 'VALID',
    detail: expect.stringContaining('GRACE'),
    warnings: [{ code: 'GRACE', detail: 'expired at 2030-06-09T12:00:00Z and works on until 2030-06-16T12:00:00Z' }],
    expires_at: '2030-06-09T12:00:00Z',
    grace_ends_at: '2030-06-16T12:00:00Z',
  });
  expect([on(7), on(8)].map(({ valid, code }) => [valid, code])).toEqual([
    [false, 'EXPIRED'],
    [false, 'EXPIRED'],
  ]);
});

describe('13: overage that is tolerated', () => {
  const terms = { ...STRICT, max_machines: 4, overage_strategy: 'ALLOW_1_25X_OVERAGE' as const };
  const facts = { machines, used: { max_machines: 5 } };

  test('by itself it is the code, valid, and a warning', () => {
    const { valid, code, failures, warnings } = judge({ terms, facts });
    expect([valid, code, failures, codesOf(warnings)]).toEqual([true, 'TOO_MANY_MACHINES', [], ['TOO_MANY_MACHINES']]);
  });

  test('never hides that the licence is expired', () => {
    const expired = judge({ terms, facts: { ...facts, expiresAt: daysFromNow(-1) } });
    expect([expired.valid, expired.code, codesOf(expired.warnings)]).toEqual([false, 'EXPIRED', ['TOO_MANY_MACHINES']]);
    const allowed = judge({
      terms: { ...terms, expiration_strategy: 'ALLOW_ACCESS' },
      facts: { ...facts, expiresAt: daysFromNow(-1) },
    });
    expect([allowed.valid, allowed.code]).toEqual([true, 'EXPIRED']);
    expect(codesOf(allowed.warnings)).toEqual(['EXPIRED', 'TOO_MANY_MACHINES']);
  });

  test('beyond it, or not strict', () => {
    expect(judge({ terms, facts: { ...facts, used: { max_machines: 6 } } })).toMatchObject({ valid: false });
    expect(judge({ terms: { ...terms, strict: false }, facts })).toMatchObject({
      valid: true,
      code: 'VALID',
      warnings: [],
    });
  });
});

test('10: who never sends a heartbeat and need not is valid', () => {
  expect(judge({ facts: { machines }, scope: { fingerprint: 'fp-1' } })).toMatchObject({ valid: true, code: 'VALID' });
});

test('28: a suspended licence says so whatever the reason; its seats stay taken', () => {
  const answer = judge({
    terms: { floating: true, max_machines: 3 },
    facts: { suspensions: ['operator', 'subscription'], machines },
  });
  expect(answer).toMatchObject({ valid: false, code: 'SUSPENDED', seats_free: 2 });
});

describe('what a program says', () => {
  const users = [
    { id: 'usr_1', email: 'Ada@example.com' },
    { id: 'usr_2', email: 'bob@example.com' },
  ];
  test.each<[ValidationScope, string[]]>([
    [{ product: 'editor', policy: 'pol_1', environment: null }, []],
    [{ product: null, policy: null, user: null, machine: null, fingerprint: null, components: null }, []],
    [{ user: 'ada@example.com', machine: 'fp-1' }, []],
    [{ user: 'usr_1', fingerprint: 'fp-1' }, []],
    [{ user: 'cus_1', fingerprint: 'fp-1' }, []],
    [{ user: 'usr_2' }, []],
    [{ user: 'usr_2', fingerprint: 'fp-1' }, ['USER_SCOPE_MISMATCH']],
    [{ user: 'usr_2', fingerprint: 'fp-2' }, []],
    [{ fingerprint: 'fp-1', fingerprints: ['fp-1', 'fp-9'] }, []],
    [{ fingerprint: '' }, ['FINGERPRINT_SCOPE_EMPTY']],
    [{ fingerprint: 'fp-1', components: ['cpu', 'disk'] }, []],
    [{ machine: 'mac_1', components: ['cpu'] }, []],
    [{ components: ['cpu'] }, ['FINGERPRINT_SCOPE_REQUIRED']],
    [{ fingerprints: ['fp-1', 'fp-2'], components: ['cpu'] }, ['FINGERPRINT_SCOPE_REQUIRED']],
    [{ fingerprint: 'fp-1', components: [''] }, ['COMPONENTS_SCOPE_EMPTY']],
    [{ entitlements: ['toString'] }, ['ENTITLEMENTS_MISSING']],
  ])('%j: %j', (scope, expected) => {
    const known = [
      machineOf({ userId: 'usr_1', components: ['cpu', 'net'] }),
      machineOf({ id: 'mac_2', fingerprint: 'fp-2' }),
    ];
    const { failures } = judge({ terms: { floating: true }, facts: { machines: known, users }, scope });
    expect(codesOf(failures)).toEqual(expected);
  });

  test('of several fingerprints enough must be known, started and alive', () => {
    const alive = machineOf({ id: 'mac_2', fingerprint: 'fp-2', lastHeartbeatAt: NOW, diesAt: daysFromNow(1) });
    const third = machineOf({ id: 'mac_3', fingerprint: 'fp-3' });
    const scope = { fingerprints: ['fp-1', 'fp-2', 'fp-3'] };
    const of = (terms: Partial<PolicyTerms>, ...some: ReturnType<typeof machineOf>[]) =>
      codesOf(judge({ terms: { floating: true, ...terms }, facts: { machines: some }, scope }).failures);
    expect(of({}, dead, alive)).toEqual([]);
    expect(of({ machine_matching_strategy: 'MATCH_TWO' }, dead, alive)).toEqual(['HEARTBEAT_DEAD']);
    expect(of({ machine_matching_strategy: 'MATCH_TWO', require_heartbeat: true }, third, alive)).toEqual([
      'HEARTBEAT_NOT_STARTED',
    ]);
    expect(of({ machine_matching_strategy: 'MATCH_MOST' }, third, alive)).toEqual([]);
    expect(of({ machine_matching_strategy: 'MATCH_ALL' }, third, alive)).toEqual(['FINGERPRINT_SCOPE_MISMATCH']);
  });
});

test('a strict policy wants a machine, after what the program must say', () => {
  const of = (more: Case) => codesOf(judge({ ...more, terms: { strict: true, ...more.terms } }).failures);
  expect(of({})).toEqual(['NO_MACHINE']);
  expect(of({ terms: { floating: true } })).toEqual(['NO_MACHINES']);
  expect(of({ terms: { require_fingerprint_scope: true } })).toEqual(['FINGERPRINT_SCOPE_REQUIRED', 'NO_MACHINE']);
  expect(of({ scope: { fingerprint: 'fp-1' } })).toEqual(['NO_MACHINE']);
  expect(of({ facts: { machines: [dead], used: { max_machines: 0 } }, scope: { fingerprint: 'fp-1' } })).toEqual([
    'HEARTBEAT_DEAD',
    'NO_MACHINE',
  ]);
});

test('a check-in is on time until the instant it is due, and counts from the last one', () => {
  const terms = { require_check_in: true, check_in_interval: 'month' as const, check_in_interval_count: 1 };
  const of = (checkedIn: string, now: string) =>
    validate(licenseOf(terms, { lastCheckInAt: new Date(checkedIn) }), {}, new Date(now));
  const due = of('2031-01-31T08:00:00Z', '2031-02-28T08:00:00Z');
  expect(due).toMatchObject({ valid: true, next_check_in_by: '2031-02-28T08:00:00Z' });
  expect(of('2031-01-31T08:00:00Z', '2031-02-28T08:00:00.001Z')).toMatchObject({ valid: false, code: 'OVERDUE' });
});

test('one answer says all: limits, seats, times, entitlements, and what is soon to end', () => {
  const answer = judge({
    terms: { floating: true, max_machines: 5, require_check_in: true, check_in_interval: 'year' },
    facts: {
      machines,
      limits: { max_uses: 10 },
      used: { max_uses: 4 },
      expiresAt: daysFromNow(2),
      entitlements: { seats: 5 },
    },
  });
  expect(answer).toMatchObject({
    ...{ valid: true, code: 'VALID', seats_free: 4, entitlements: { seats: 5 }, at: '2030-06-15T12:00:00Z' },
    limits: { max_machines: { limit: 5, used: 1, free: 4 }, max_uses: { limit: 10, used: 4, free: 6 } },
    warnings: [{ code: 'EXPIRING', detail: 'expires at 2030-06-17T12:00:00Z' }],
    ...{ expires_at: '2030-06-17T12:00:00Z', grace_ends_at: null, next_check_in_by: '2031-06-05T12:00:00Z' },
  });
});
