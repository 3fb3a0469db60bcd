import { expect, test } from '@jest/globals';
import { termsOf } from '../../test/sample-license.js';
import { bytesWords, durationWords } from './amount-words.js';
import { policySummary } from './policy-summary.js';

test('a policy of nothing but defaults', () => {
  expect(policySummary(termsOf())).toBe(
    'A licence may run on one machine, which it is locked to. Machines are counted when they are activated, not at validation. It never expires unless a licence says when. Expired it is not valid, but can still authenticate. Heartbeats are not required; a machine that sends them must send one every 10 minutes from its first heartbeat on, or it is dead and loses its seat at once. Programs authenticate by a token. Keys are random.',
  );
});

test.each([
  [{ floating: true, max_machines: 5 }, 'A licence may run on up to 5 machines at a time.'],
  [
    { floating: true, machine_leasing_strategy: 'PER_USER' },
    'Each user of a licence may run it on any number of machines.',
  ],
  [
    { max_users: 3, max_processes: 1, max_memory: 2 ** 34 },
    'limited to 3 users, 1 process on each machine and 16 GiB of memory',
  ],
  [{ floating: true, overage_strategy: 'ALLOW_1_25X_OVERAGE' }, 'Up to 1.25 times as much is tolerated'],
  [{ duration: 2_592_000 }, 'It lasts 30 days from its creation.'],
  [
    { duration: 'P1Y2M', expiration_basis: 'FROM_FIRST_USE' },
    'It lasts 1 year and 2 months from its first counted use.',
  ],
  [{ grace_duration: 604_800 }, 'Expired it is not valid after 7 days of grace, but can still authenticate.'],
  [{ expiration_strategy: 'MAINTAIN_ACCESS' }, 'stays valid, for releases published before'],
  [{ require_check_in: true, check_in_interval: 'week' }, 'It must check in every week.'],
  [{ require_check_in: true, check_in_interval: 'day', check_in_interval_count: 3 }, 'It must check in every 3 days.'],
  [
    { require_product_scope: true, require_fingerprint_scope: true },
    'A validation must name the product and fingerprint.',
  ],
  [{ heartbeat_resurrection_strategy: '5_MINUTE_REVIVE' }, 'and can come back within 5 minutes'],
  [
    { machine_uniqueness_strategy: 'UNIQUE_PER_PRODUCT' },
    'A machine can be activated under only one licence of the product.',
  ],
] as const)('%j: %s', (terms, sentence) => {
  expect(policySummary(termsOf(terms))).toContain(sentence);
});

test('a signed key can be verified offline', () => {
  expect(policySummary(termsOf(), 'ED25519_SIGN')).toContain('Keys are signed by Ed25519 and can be verified offline.');
});

test('amounts in words are exact', () => {
  expect([90_061, 60, 86_400, 'P1W', 'P0Y10D'].map((duration) => durationWords(duration))).toEqual([
    '1 day, 1 hour, 1 minute and 1 second',
    '1 minute',
    '1 day',
    '1 week',
    '10 days',
  ]);
  expect([1, 1_000, 1_024, 1_536, 2 ** 30, 3 * 2 ** 40].map(bytesWords)).toEqual([
    '1 byte',
    '1,000 bytes',
    '1 KiB',
    '1,536 bytes',
    '1 GiB',
    '3 TiB',
  ]);
});
