import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { statusAt } from './client-status.js';
import { type ClientFacts, type CredentialFacts, explainClient } from './explain-client.js';
import { clientChanges } from './explain-client-change.js';
import { isUsable } from './usable-credential.js';

const NOW = Date.parse('2030-06-01T00:00:00Z');
const DAY = 86_400_000;
const UNTIL = new Date(NOW + 30 * DAY);
const NOTHING = { scopes: [], resources: [], features: [] };
const on = (days: number | null): Date | null => (days === null ? null : new Date(NOW + days * DAY));
const credential = (id: string, some: Partial<CredentialFacts> = {}): CredentialFacts => ({
  id,
  kind: 'secret',
  label: id,
  hint: '…',
  notBefore: null,
  expiresAt: null,
  createdAt: new Date(0),
  ...some,
});
const client = (some: Partial<ClientFacts> = {}): ClientFacts => ({
  clientId: 'ci',
  name: 'CI',
  status: 'active',
  expiry: null,
  customerId: null,
  createdAt: new Date(0),
  scopes: ['read'],
  resources: null,
  authMethod: null,
  dpopBound: false,
  allowedAddresses: [],
  credentials: [credential('one')],
  goneCredentials: 0,
  ...some,
});

describe('credentials', () => {
  const told = (some: Partial<ClientFacts>) =>
    explainClient(client(some), NOW)
      .filter(({ step }) => step === 'credential')
      .map(({ fact, result }) => [fact, result]);

  test('one that is usable is enough, and the others only inform', () => {
    const credentials = [credential('old', { expiresAt: on(-1) }), credential('new', { expiresAt: on(1) })];
    expect(told({ credentials })).toEqual([
      ['Secret ‘old’ expired at 2030-05-31T00:00:00Z.', 'informs'],
      ['Secret ‘new’ is valid until 2030-06-02T00:00:00Z.', 'allows'],
    ]);
  });

  test('none that is usable denies, each for its own reason', () => {
    const credentials = [
      credential('late', { notBefore: on(1) }),
      credential('key', { kind: 'public_key' }),
      credential('old', { expiresAt: on(-1) }),
    ];
    expect(told({ credentials, authMethod: 'client_secret_basic' })).toEqual([
      ['Secret ‘late’ is valid only from 2030-06-02T00:00:00Z.', 'denies'],
      ['Key ‘key’ is of no use: the client is registered for client_secret_basic.', 'denies'],
      ['Secret ‘old’ expired at 2030-05-31T00:00:00Z.', 'denies'],
    ]);
    expect(told({ credentials: [] })).toEqual([['It has no credential to prove itself with.', 'denies']]);
  });

  test('where some have gone since, nobody knows', () => {
    expect(told({ credentials: [credential('old', { expiresAt: on(-1) })], goneCredentials: 2 })).toEqual([
      ['Secret ‘old’ expired at 2030-05-31T00:00:00Z.', 'informs'],
      ['Credentials were removed or rotated 2 times since; what they were is not kept.', 'informs'],
    ]);
  });
});

describe('the change of a credential', () => {
  test.each<[string, Partial<ClientFacts>, string, unknown]>([
    [
      'one to come before one that is over',
      { credentials: [credential('old', { expiresAt: on(-1) }), credential('late', { notBefore: on(1) })] },
      'late',
      { method: 'PATCH', path: '/api/clients/ci/credentials/late', body: { not_before: null } },
    ],
    [
      'the one that lasted longest',
      { credentials: [credential('a', { expiresAt: on(-9) }), credential('b', { expiresAt: on(-1) })] },
      'b',
      { method: 'PATCH', path: '/api/clients/ci/credentials/b', body: { expires_at: '2030-07-01T00:00:00Z' } },
    ],
    [
      'a new one where none is of the right kind',
      { credentials: [credential('key', { kind: 'public_key' })], authMethod: 'client_secret_post' },
      'ci',
      { method: 'POST', path: '/api/clients/ci/credentials', body: { kind: 'secret' } },
    ],
    ['a key only its owner can give', { authMethod: 'private_key_jwt' }, 'ci', null],
  ])('%s', (_what, some, target, request) => {
    expect(clientChanges(client(some), NOTHING, NOW, UNTIL)).toMatchObject([{ target, request }]);
  });
});

const days = fc.option(fc.integer({ min: -40, max: 40 }));
const cases = fc.record({
  status: fc.constantFrom('active', 'suspended', 'expired', 'deleted'),
  expiry: days,
  credentials: fc.array(fc.record({ kind: fc.constantFrom('secret', 'public_key'), from: days, until: days }), {
    maxLength: 3,
  }),
  authMethod: fc.constantFrom(null, 'client_secret_basic', 'private_key_jwt'),
});

test('it denies exactly whom the doorman would refuse', () => {
  fc.assert(
    fc.property(cases, ({ status, expiry, credentials, authMethod }) => {
      const one = client({
        status,
        expiry: on(expiry),
        authMethod,
        credentials: credentials.map(({ kind, from, until }, index) =>
          credential(`crd_${index}`, { kind, notBefore: on(from), expiresAt: on(until) }),
        ),
      });
      const isLetIn =
        statusAt(one, NOW) === 'active' && one.credentials.some((proof) => isUsable(proof, authMethod, NOW));
      expect(explainClient(one, NOW).every(({ result }) => result !== 'denies')).toBe(isLetIn);
      const changes = clientChanges(one, NOTHING, NOW, UNTIL);
      expect(changes === null).toBe(status === 'deleted');
      if (isLetIn) expect(changes).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
