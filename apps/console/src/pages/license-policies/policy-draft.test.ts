import { policyTerms } from '@bastionary/contracts/license-policies';
import { describe, expect, test } from '@jest/globals';
import { emptyPolicy, readTerms, toPolicyDraft } from './policy-draft';

describe('the fields of a licence policy', () => {
  test.each([
    ['the defaults', {}],
    ['seconds that are whole days', { duration: 2_592_000, grace_duration: 1_209_600 }],
    ['seconds that are not', { duration: 86_401, heartbeat_duration: 90 }],
    ['months', { duration: 'P6M' }],
    ['a duration of several units', { duration: 'P1Y2M' }],
    ['limits in bytes', { floating: true, max_machines: 4, max_memory: 1_610_612_736, max_disk: 1 }],
    ['check-in', { require_check_in: true, check_in_interval: 'week', check_in_interval_count: 2 }],
    ['further strategies', { machine_matching_strategy: 'MATCH_TWO', require_version_scope: true }],
  ])('hold %s, and give the same back', (_what, said) => {
    const terms = policyTerms.parse(said);
    expect(readTerms(toPolicyDraft(terms))).toEqual({ terms, faults: {} });
  });

  test.each([
    ['a limit that is no number', { max_users: 'some' }, { max_users: 'must be a whole number' }],
    ['a limit of none', { max_users: '0' }, { max_users: 'must be 1 at least' }],
    [
      'a duration that is none',
      { duration: { amount: 'soon', unit: 'other' as const } },
      { duration: /must be like P1M/ },
    ],
    ['a contradiction', { max_machines: '2' }, { max_machines: /floating must be true/ }],
  ])('%s is a fault of its field', (_what, typed, faults) => {
    const expected = Object.entries(faults).map(([field, words]) => [field, expect.stringMatching(words)]);
    expect(readTerms({ ...emptyPolicy(), ...typed }).faults).toEqual(Object.fromEntries(expected));
  });
});
