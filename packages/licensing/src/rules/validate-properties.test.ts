import { type PolicyTerms, policyTerms } from '@bastionary/contracts/license-policies';
import { validation } from '@bastionary/contracts/license-validation';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { daysFromNow, licenseOf, machineOf, NOTHING_USED, NOW } from '../../test/sample-license.js';
import { lifeAt } from './expiry.js';
import { statusOf } from './license-status.js';
import { allowedOf, effectiveLimits, LIMIT_NAMES } from './limits.js';
import { policySummary } from './policy-summary.js';
import { validate } from './validate.js';

const { shape } = policyTerms;
const ofEnum = <Name extends keyof PolicyTerms>(name: Name) => {
  const options = (shape[name].unwrap() as unknown as { options: PolicyTerms[Name][] }).options;
  return fc.constantFrom(...options);
};
const limit = fc.option(fc.integer({ min: 1, max: 6 }));
const terms: fc.Arbitrary<Partial<PolicyTerms>> = fc.record(
  {
    ...{
      max_machines: limit,
      max_cores: limit,
      max_memory: limit,
      max_disk: limit,
      max_processes: limit,
      max_users: limit,
    },
    ...{ max_uses: limit, floating: fc.boolean(), strict: fc.boolean(), require_heartbeat: fc.boolean() },
    duration: fc.option(fc.oneof(fc.integer({ min: 86_400, max: 1e9 }), fc.constantFrom('P1M', 'P1Y2M3W4D', 'P0Y9D'))),
    grace_duration: fc.option(fc.nat(10 * 86_400)),
    heartbeat_duration: fc.option(fc.integer({ min: 60, max: 100_000 })),
    ...{ require_check_in: fc.boolean(), check_in_interval: fc.constantFrom('day', 'week', 'month', 'year', null) },
    ...{
      check_in_interval_count: fc.option(fc.integer({ min: 1, max: 365 })),
      require_fingerprint_scope: fc.boolean(),
    },
    ...{ expiration_strategy: ofEnum('expiration_strategy'), expiration_basis: ofEnum('expiration_basis') },
    ...{ overage_strategy: ofEnum('overage_strategy'), heartbeat_cull_strategy: ofEnum('heartbeat_cull_strategy') },
    heartbeat_resurrection_strategy: ofEnum('heartbeat_resurrection_strategy'),
    machine_matching_strategy: ofEnum('machine_matching_strategy'),
    machine_uniqueness_strategy: ofEnum('machine_uniqueness_strategy'),
    component_uniqueness_strategy: ofEnum('component_uniqueness_strategy'),
    ...{ renewal_basis: ofEnum('renewal_basis'), machine_leasing_strategy: ofEnum('machine_leasing_strategy') },
    ...{ process_leasing_strategy: ofEnum('process_leasing_strategy'), transfer_strategy: ofEnum('transfer_strategy') },
  },
  { requiredKeys: [] },
);

const used = fc.record(
  Object.fromEntries(Object.keys(NOTHING_USED).map((name) => [name, fc.nat(14)])) as Record<
    keyof typeof NOTHING_USED,
    fc.Arbitrary<number>
  >,
);
const days = fc.option(fc.integer({ min: -20, max: 20 }));
const machine = fc.record({ fingerprint: fc.constantFrom('fp-1', 'fp-2'), dies: days, heard: days });
const worlds = fc
  .record({
    ...{ terms, used, expires: days, checkedIn: days, isOwnerSuspended: fc.constantFrom(false, false, true) },
    suspensions: fc.constantFrom([], [], ['operator' as const], ['operator' as const, 'subscription' as const]),
    machines: fc.array(machine, { maxLength: 3 }),
    scope: fc.record(
      { fingerprints: fc.array(fc.constantFrom('fp-1', 'fp-2', 'fp-3'), { maxLength: 3 }) },
      { requiredKeys: [] },
    ),
  })
  .map((world) => ({
    scope: world.scope,
    facts: licenseOf(world.terms, {
      ...{ used: world.used, suspensions: world.suspensions, isOwnerSuspended: world.isOwnerSuspended },
      expiresAt: world.expires === null ? null : daysFromNow(world.expires),
      lastCheckInAt: world.checkedIn === null ? null : daysFromNow(world.checkedIn),
      machines: world.machines.map(({ fingerprint, dies, heard }, index) =>
        machineOf({
          ...{ id: `mac_${index}`, fingerprint, diesAt: dies === null ? null : daysFromNow(dies) },
          lastHeartbeatAt: heard === null ? null : daysFromNow(heard),
        }),
      ),
    }),
  }));

describe('whatever the policy and the licence', () => {
  test('expired beyond its grace where that cuts it off, it is not valid, whatever the overage', () => {
    fc.assert(
      fc.property(worlds, fc.integer({ min: 1, max: 400 }), ({ facts, scope }, ago) => {
        const cutOff = facts.terms.expiration_strategy === 'REVOKE_ACCESS' ? 'REVOKE_ACCESS' : 'RESTRICT_ACCESS';
        const expired = {
          ...facts,
          expiresAt: daysFromNow(-ago),
          terms: { ...facts.terms, expiration_strategy: cutOff } as const,
        };
        fc.pre(lifeAt(expired.terms, expired.expiresAt, NOW) === 'expired');
        const { valid, failures } = validate(expired, scope, NOW);
        expect([valid, failures.some(({ code }) => code === 'EXPIRED')]).toEqual([false, true]);
      }),
      { numRuns: 300 },
    );
  });

  test('valid, it holds no more than its limits with their overage', () => {
    fc.assert(
      fc.property(worlds, ({ facts, scope }) => {
        const { valid } = validate(facts, scope, NOW);
        if (!valid) return;
        const limits = effectiveLimits(facts.terms, facts.limits);
        const counted = LIMIT_NAMES.filter(
          (name) => name !== 'max_uses' && (facts.terms.strict || name === 'max_users'),
        );
        for (const name of counted) {
          const allowed = allowedOf(limits[name], facts.terms.overage_strategy) ?? Number.POSITIVE_INFINITY;
          expect(facts.used[name]).toBeLessThanOrEqual(allowed);
        }
      }),
      { numRuns: 800 },
    );
  });

  test('the answer is whole: valid without failures and only so, no code twice, and of the form that is promised', () => {
    fc.assert(
      fc.property(worlds, ({ facts, scope }) => {
        const answer = validate(facts, scope, NOW);
        const codes = answer.failures.map(({ code }) => code);
        expect(answer.valid).toBe(codes.length === 0);
        expect(new Set(codes).size).toBe(codes.length);
        if (!answer.valid) expect(answer.code).toBe(codes[0]);
        expect(validation.parse(answer)).toEqual(answer);
        const status = statusOf(facts, NOW);
        if (status === 'BANNED' || status === 'SUSPENDED') expect(answer).toMatchObject({ valid: false, code: status });
      }),
      { numRuns: 400 },
    );
  });

  test('its policy can be told in sentences', () => {
    fc.assert(
      fc.property(worlds, ({ facts }) => {
        expect(policySummary(facts.terms)).toMatch(/^[A-Z][^\n]*\.$/);
        expect(policySummary(facts.terms)).not.toMatch(/undefined|null|NaN|\[object| {2}|\.\./);
      }),
      { numRuns: 400 },
    );
  });
});
