import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TokenFault } from './access-token.js';
import { explainToken, isAlive, type TokenState } from './token-verdict.js';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const FAULTS: TokenFault[] = [
  'malformed',
  'wrong_type',
  'wrong_algorithm',
  'unknown_key',
  'bad_signature',
  'wrong_issuer',
];
const verified = (exp: number): TokenState['verified'] => ({
  ok: true,
  kid: 'key-1',
  claims: { iss: 'i', exp, aud: 'a', sub: 'c', client_id: 'c', iat: exp - 900, jti: 'j', scope: 'read' },
});
const good: TokenState = {
  verified: verified(NOW / 1_000 + 600),
  client: { status: 'active', expiry: null },
  revoked: false,
  cutOffBy: null,
  customerStatus: null,
  now: NOW,
};

const lifecycle = fc.record({
  status: fc.constantFrom('active', 'suspended', 'expired', 'deleted'),
  expiry: fc.option(fc.integer({ min: -2, max: 2 }).map((seconds) => new Date(NOW + seconds * 1_000))),
});
const state: fc.Arbitrary<TokenState> = fc.record({
  verified: fc.oneof(
    fc.integer({ min: -2, max: 2 }).map((seconds) => verified(NOW / 1_000 + seconds)),
    fc.constantFrom(...FAULTS).map((fault) => ({ ok: false as const, fault })),
  ),
  client: fc.option(lifecycle),
  revoked: fc.boolean(),
  customerStatus: fc.constantFrom(null, 'active' as const, 'suspended' as const),
  cutOffBy: fc.option(fc.constantFrom('installation' as const, 'client' as const, 'family' as const)),
  now: fc.constant(NOW),
});

describe('isAlive', () => {
  test.each<[string, Partial<TokenState>, boolean]>([
    ['a good token', {}, true],
    ['a token in its last second', { verified: verified(NOW / 1_000 + 1) }, true],
    ['a token at its expiry', { verified: verified(NOW / 1_000) }, false],
    ['a revoked token', { revoked: true }, false],
    ['a token of no client', { client: null }, false],
    ['a token of a suspended client', { client: { status: 'suspended', expiry: null } }, false],
    ['a token of a deleted client', { client: { status: 'deleted', expiry: null } }, false],
    ['a token of a client at its expiry', { client: { status: 'active', expiry: new Date(NOW) } }, false],
    ['a forged token', { verified: { ok: false, fault: 'bad_signature' } }, false],
  ])('%s: %p', (_what, change, alive) => {
    expect(isAlive({ ...good, ...change })).toBe(alive);
  });
});

describe('explainToken', () => {
  test('says the same as isAlive, whatever the state', () => {
    fc.assert(
      fc.property(state, (one) => {
        expect(explainToken(one).every(({ ok }) => ok)).toBe(isAlive(one));
      }),
      { numRuns: 3_000 },
    );
  });

  test('a live token: everything looked at, in order, in words', () => {
    expect(explainToken(good)).toEqual([
      { check: 'signature', ok: true, detail: 'Signed by this installation with key key-1.' },
      { check: 'expiry', ok: true, detail: 'Expires at 2027-01-01T00:10:00Z, in 10 min.' },
      { check: 'revocation', ok: true, detail: 'It was not revoked.' },
      { check: 'client', ok: true, detail: 'Client c is active.' },
    ]);
  });

  test('every reason is told, not only the first', () => {
    const checks = explainToken({
      verified: verified(NOW / 1_000 - 60),
      client: null,
      revoked: true,
      cutOffBy: null,
      customerStatus: null,
      now: NOW,
    });
    expect(checks.map(({ check, ok, detail }) => [check, ok, detail])).toEqual([
      ['signature', true, 'Signed by this installation with key key-1.'],
      ['expiry', false, 'Expired at 2026-12-31T23:59:00Z, 1 min ago.'],
      ['revocation', false, 'It was revoked.'],
      ['client', false, 'Client c is unknown.'],
    ]);
  });

  test.each(FAULTS)('%s has a sentence of its own', (fault) => {
    const [only, ...rest] = explainToken({ ...good, verified: { ok: false, fault } });
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ check: 'signature', ok: false });
    const others = FAULTS.filter((other) => other !== fault).map(
      (other) => explainToken({ ...good, verified: { ok: false, fault: other } })[0]?.detail,
    );
    expect(others).not.toContain(only?.detail);
  });
});
