import type { ExplainChange } from '@bastionary/contracts/explain';
import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { Suspension } from '@bastionary/contracts/licenses';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysFromNow, licenseOf, machineOf, NOW } from '../../test/sample-license.js';
import { renewedExpiry } from './expiry.js';
import { denialsOf, type ExplainedLicense, explainLicense } from './explain-license.js';
import { licenseChanges } from './explain-license-change.js';
import { afterHeartbeat, firstDeadline, holdsSeat } from './heartbeat.js';
import type { MachineFacts } from './license-facts.js';

const explained = (
  terms: Partial<PolicyTerms> = {},
  { machines = [], ...facts }: Parameters<typeof licenseOf>[1] = {},
): ExplainedLicense => counted({ ...licenseOf(terms, facts), source: null, all: machines, machines });

/** With what follows from its machines. */
const counted = (license: ExplainedLicense & { machines: readonly MachineFacts[] }): ExplainedLicense => ({
  ...license,
  all: license.machines,
  hasMachines: license.machines.length > 0,
  used: {
    ...license.used,
    max_machines: license.machines.filter((one) => holdsSeat(license.terms, one, NOW)).length,
  },
});

const MOMENTS = { now: NOW, at: NOW, until: daysFromNow(30) };
const PAYMENT: ExplainChange = { act: 'pay_invoice', target: 'inv_1', detail: 'Pay.', request: null };
const told = (license: ExplainedLicense, fingerprint?: string) =>
  explainLicense(license, fingerprint, NOW).map(({ step, fact, result }) => [step, fact, result]);
const acts = (license: ExplainedLicense, fingerprint?: string, payments: ExplainChange[] = []) =>
  licenseChanges(license, fingerprint, MOMENTS, payments)?.map(({ act, target, request }) => [
    act,
    target,
    request && `${request.method} ${request.path}`,
    request?.body ?? null,
  ]) ?? null;

describe('the chain', () => {
  test('of a licence that is fine tells every fact that counts', () => {
    const machines = [machineOf({ lastHeartbeatAt: NOW, diesAt: daysFromNow(1) })];
    const terms = { floating: true, strict: true, max_machines: 4, overage_strategy: 'ALLOW_2X_OVERAGE' } as const;
    const license = explained(
      { ...terms, require_check_in: true, check_in_interval: 'month', require_fingerprint_scope: true },
      { machines, expiresAt: daysFromNow(5) },
    );
    expect(told(license, 'fp-1')).toEqual([
      ['license', 'Licence lic_1 was made at 2030-06-05T12:00:00Z under policy pol_1.', 'informs'],
      ['customer', 'It belongs to customer cus_1, who is active.', 'allows'],
      ['expiry', 'It expires at 2030-06-20T12:00:00Z.', 'allows'],
      ['check_in', 'It never checked in, and must by 2030-07-05T12:00:00Z.', 'allows'],
      ['machine', 'Machine mac_1 is activated, its heartbeat ALIVE, its deadline 2030-06-16T12:00:00Z.', 'allows'],
      ['limit', '1 of 4 taken of max_machines; 8 tolerated.', 'allows'],
      ['validation', 'So it is valid (VALID).', 'allows'],
    ]);
    expect(acts(license, 'fp-1')).toEqual([]);
    expect(told(license).at(-1)).toEqual([
      'validation',
      'So it is valid (VALID), once a validation says what it must (FINGERPRINT_SCOPE_REQUIRED).',
      'allows',
    ]);
  });

  test('of one that has more than its limit, which is tolerated, says both', () => {
    const machines = ['fp-1', 'fp-2'].map((fingerprint) => machineOf({ id: `mac_${fingerprint}`, fingerprint }));
    const terms = { floating: true, strict: true, max_machines: 1, overage_strategy: 'ALLOW_2X_OVERAGE' } as const;
    expect(told(explained(terms, { machines })).slice(-2)).toEqual([
      ['limit', '2 of 1 taken of max_machines; 2 tolerated.', 'allows'],
      ['validation', 'So it is valid, though it has too many associated machines (TOO_MANY_MACHINES).', 'allows'],
    ]);
  });

  test('of one that is not tells each reason', () => {
    const license = explained(
      { expiration_strategy: 'REVOKE_ACCESS', grace_duration: 86_400 },
      { suspensions: ['subscription'], expiresAt: daysFromNow(-2), isOwnerSuspended: true },
    );
    expect(told(license, 'fp-1').filter(([, , result]) => result === 'denies')).toEqual([
      ['customer', 'It belongs to customer cus_1, who is suspended.', 'denies'],
      ['suspension', 'It is suspended because the subscription that issued it does not entitle to it.', 'denies'],
      [
        'expiry',
        'It expired at 2030-06-13T12:00:00Z, and its grace ended at 2030-06-14T12:00:00Z; its policy says REVOKE_ACCESS.',
        'denies',
      ],
      ['machine', 'No machine of that fingerprint is activated.', 'denies'],
      ['validation', 'So it is banned (BANNED).', 'denies'],
    ]);
  });

  test('of a revoked one ends there', () => {
    const license = explained({}, { revokedAt: daysFromNow(-1) });
    expect(told(license).map(([step, , result]) => [step, result])).toEqual([
      ['license', 'denies'],
      ['validation', 'denies'],
    ]);
    expect(acts(license)).toBeNull();
    expect(explainLicense(license, undefined, daysFromNow(-2)).at(-1)?.result).toBe('allows');
  });
});

describe('the smallest change', () => {
  const path = '/api/licenses/lic_1';
  test('an operator takes back what an operator did, a payment what is unpaid; else nothing can', () => {
    expect(acts(explained({}, { suspensions: ['operator'] }))).toEqual([
      ['reinstate_license', 'lic_1', `POST ${path}/reinstate`, {}],
    ]);
    const unpaid = explained({}, { suspensions: ['subscription'] });
    expect([acts(unpaid), acts(unpaid, undefined, [PAYMENT])]).toEqual([null, [['pay_invoice', 'inv_1', null, null]]]);
  });

  test('a renewal where one is enough, else another expiry', () => {
    const expired = (duration: number | null, days: number) =>
      acts(explained({ duration }, { expiresAt: daysFromNow(-days) }));
    expect(expired(30 * 86_400, 3)).toEqual([['renew_license', 'lic_1', `POST ${path}/renew`, {}]]);
    const until = [['update_license', 'lic_1', `PATCH ${path}`, { expires_at: '2030-07-15T12:00:00Z' }]];
    expect([expired(30 * 86_400, 60), expired(null, 3)]).toEqual([until, until]);
  });

  test('a seat: free, bought, or taken from who has the only one', () => {
    const machines = [machineOf({ id: 'mac_9', fingerprint: 'fp-9' })];
    const activation = ['activate_machine', 'lic_1', `POST ${path}/machines`, { fingerprint: 'fp-1' }];
    expect(acts(explained({ floating: true, max_machines: 2 }, { machines }), 'fp-1')).toEqual([activation]);
    expect(acts(explained({ floating: true, max_machines: 1 }, { machines }), 'fp-1')).toEqual([
      ['update_license', 'lic_1', `PATCH ${path}`, { max_machines: 2 }],
      activation,
    ]);
    expect(acts(explained({}, { machines }), 'fp-1')).toEqual([
      ['deactivate_machine', 'mac_9', `DELETE ${path}/machines/mac_9`, null],
      activation,
    ]);
    expect(acts(explained({ machine_matching_strategy: 'MATCH_TWO' }, { machines }), 'fp-1')).toBeNull();
    const source = { subscription: 'sub_1', plan: 'desktop' };
    const issued = { ...explained({ floating: true, max_machines: 1 }, { machines }), source };
    expect(acts(issued, 'fp-1')).toEqual([['update_subscription', 'sub_1', null, null], activation]);
  });
});

const APPLY: Partial<
  Record<ExplainChange['act'], (license: ExplainedLicense, change: ExplainChange) => ExplainedLicense>
> = {
  resume_customer: (license) => ({ ...license, isOwnerSuspended: false }),
  pay_invoice: (license) => ({ ...license, suspensions: license.suspensions.filter((one) => one !== 'subscription') }),
  reinstate_license: (license) => ({
    ...license,
    suspensions: license.suspensions.filter((one) => one !== 'operator'),
  }),
  renew_license: (license) => ({ ...license, expiresAt: renewedExpiry(license.terms, license.expiresAt, NOW) as Date }),
  update_license: (license, { request }) => {
    const { expires_at, ...limits } = request?.body ?? {};
    const expiresAt = expires_at === undefined ? license.expiresAt : new Date(String(expires_at));
    return { ...license, expiresAt, limits: { ...license.limits, ...(limits as object) } };
  },
  check_in_license: (license) => ({ ...license, lastCheckInAt: NOW }),
  deactivate_machine: (license, { target }) => ({
    ...license,
    machines: license.machines.filter(({ id }) => id !== target),
  }),
  activate_machine: (license, { request }) => {
    const fingerprint = String(request?.body?.fingerprint ?? 'fp-new');
    const others = license.machines.filter((one) => one.fingerprint !== fingerprint);
    return {
      ...license,
      machines: [...others, machineOf({ id: 'lic_1', fingerprint, diesAt: firstDeadline(license.terms, NOW) })],
    };
  },
  ping_machine: (license, { target }) => ({
    ...license,
    machines: license.machines.map((one) => {
      const alive = afterHeartbeat(license.terms, one, NOW);
      return one.id !== target || alive === 'dead' ? one : { ...one, lastHeartbeatAt: NOW, diesAt: alive.diesAt };
    }),
  }),
};

const limit = fc.option(fc.integer({ min: 1, max: 3 }));
const days = fc.option(fc.integer({ min: -60, max: 60 }));
const worlds = fc.record({
  terms: fc.record({
    ...{ floating: fc.boolean(), strict: fc.boolean(), max_machines: limit, max_cores: limit, max_users: limit },
    expiration_strategy: fc.constantFrom('RESTRICT_ACCESS' as const, 'REVOKE_ACCESS' as const, 'ALLOW_ACCESS' as const),
    overage_strategy: fc.constantFrom(
      'NO_OVERAGE' as const,
      'ALLOW_2X_OVERAGE' as const,
      'ALLOW_1_25X_OVERAGE' as const,
    ),
    ...{ duration: fc.option(fc.constantFrom(10 * 86_400, 'P1M')), require_heartbeat: fc.boolean() },
    renewal_basis: fc.constantFrom('FROM_EXPIRY' as const, 'FROM_NOW' as const),
    ...{ require_check_in: fc.boolean(), check_in_interval: fc.constant('week' as const) },
    heartbeat_cull_strategy: fc.constantFrom('KEEP_DEAD' as const, 'DEACTIVATE_DEAD' as const),
    heartbeat_resurrection_strategy: fc.constantFrom(
      'NO_REVIVE' as const,
      '15_MINUTE_REVIVE' as const,
      'ALWAYS_REVIVE' as const,
    ),
  }),
  ...{ expires: days, isOwnerSuspended: fc.boolean(), cores: fc.nat(6), users: fc.nat(6) },
  suspensions: fc.subarray<Suspension>(['operator', 'subscription']),
  machines: fc.uniqueArray(fc.record({ index: fc.nat(3), dies: days, isHeard: fc.boolean() }), {
    selector: ({ index }) => index,
  }),
  fingerprint: fc.option(fc.constantFrom('fp-0', 'fp-1'), { nil: undefined }),
});

describe('whatever is wrong', () => {
  test('the chain denies exactly where the validation does, and the changes turn it', () => {
    fc.assert(
      fc.property(worlds, ({ terms, fingerprint, ...world }) => {
        const machines = world.machines.map(({ index, dies, isHeard }) =>
          machineOf({
            ...{ id: `mac_${index}`, fingerprint: `fp-${index}`, diesAt: dies === null ? null : daysFromNow(dies) },
            lastHeartbeatAt: isHeard ? daysFromNow(-70) : null,
          }),
        );
        const license = explained(terms, {
          ...{ machines, suspensions: world.suspensions, isOwnerSuspended: world.isOwnerSuspended },
          expiresAt: world.expires === null ? null : daysFromNow(world.expires),
          used: { max_cores: world.cores, max_users: world.users },
        });
        const isAllowed = denialsOf(license, fingerprint, NOW).length === 0;
        const chain = explainLicense(license, fingerprint, NOW);
        expect(chain.every(({ result }) => result !== 'denies')).toBe(isAllowed);
        if (!isAllowed) expect(chain.filter(({ result }) => result === 'denies').length).toBeGreaterThan(1);
        const changes = licenseChanges(license, fingerprint, MOMENTS, [PAYMENT]);
        if (isAllowed) return expect(changes).toEqual([]);
        const after = (changes ?? []).reduce(
          (one, change) => counted(APPLY[change.act]?.(one, change) ?? one),
          license,
        );
        expect(denialsOf(after, fingerprint, NOW)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
