import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ClientFacts } from './explain-client.js';
import { explainGrant } from './explain-grant.js';
import { OAuthFault } from './oauth-fault.js';
import { decideGrant, paidFor } from './scope.js';

const OWNERS: Record<string, string> = { read: 'urn:a', write: 'urn:a', pay: 'urn:b', ship: 'urn:b' };
const NEEDS: Record<string, string> = { write: 'sso', pay: 'billing', ship: 'billing' };
const scopes = {
  audienceOf: (scope: string) => (Object.hasOwn(OWNERS, scope) ? OWNERS[scope] : undefined),
  featureOf: (scope: string) => (Object.hasOwn(NEEDS, scope) ? NEEDS[scope] : undefined),
};
const client = (some: Partial<ClientFacts> = {}): ClientFacts => ({
  clientId: 'ci',
  name: 'ci',
  status: 'active',
  expiry: null,
  customerId: 'cus_1',
  createdAt: new Date(0),
  scopes: ['read'],
  resources: null,
  authMethod: null,
  dpopBound: false,
  allowedAddresses: [],
  credentials: [],
  goneCredentials: 0,
  ...some,
});
const had =
  (...features: string[]) =>
  (feature: string) =>
    features.includes(feature);

/** What the token endpoint does, by the same two rules in the same order. */
function isGranted(one: ClientFacts, asked: string | undefined, isHad: (feature: string) => boolean): boolean {
  try {
    const paid = paidFor(new Set(one.scopes), asked, { featureOf: scopes.featureOf, isHad, customerId: 'cus_1' });
    const resources = one.resources === null ? null : new Set(one.resources);
    decideGrant({ scope: asked, resources: [] }, { scopes: paid, resources }, scopes.audienceOf);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(OAuthFault);
    return false;
  }
}

describe('what is missing', () => {
  test.each<[string, Partial<ClientFacts>, string | undefined, string[], unknown]>([
    ['nothing', { scopes: ['read', 'write'] }, 'write', ['sso'], { scopes: [], resources: [], features: [] }],
    ['a scope', {}, 'write', ['sso'], { scopes: ['write'], resources: [], features: [] }],
    ['a scope and its feature', {}, 'read write', [], { scopes: ['write'], resources: [], features: ['sso'] }],
    [
      'a resource, once',
      { scopes: ['pay', 'ship'], resources: ['urn:a'] },
      'pay ship',
      ['billing'],
      { scopes: [], resources: ['urn:b'], features: [] },
    ],
    [
      'one feature for two scopes',
      {},
      'pay ship',
      [],
      { scopes: ['pay', 'ship'], resources: [], features: ['billing'] },
    ],
    ['what nobody has', {}, 'read nothing', [], null],
    ['what is no scope', {}, 'read  write', [], null],
    ['the name of an object member', {}, 'constructor', [], null],
    [
      'without a name, the least of what there is',
      { scopes: ['pay', 'write'], resources: ['urn:a'] },
      undefined,
      [],
      { scopes: [], resources: [], features: ['sso'] },
    ],
  ])('%s', (_what, some, asked, features, missing) => {
    expect(explainGrant(client(some), scopes, asked, had(...features)).missing).toEqual(missing);
  });

  test('a client of the installation needs no feature', () => {
    const { verdict, features } = explainGrant(client({ scopes: ['write'] }), scopes, 'write', undefined);
    expect([verdict.map(({ result }) => result), features]).toEqual([['allows'], []]);
  });
});

const names = fc.constantFrom('read', 'write', 'pay', 'ship', 'nothing');
const cases = fc.record({
  registered: fc.uniqueArray(names),
  resources: fc.constantFrom(null, ['urn:a'], ['urn:b'], ['urn:a', 'urn:b']),
  asked: fc.option(
    fc.uniqueArray(names, { minLength: 1 }).map((some) => some.join(' ')),
    { nil: undefined },
  ),
  features: fc.uniqueArray(fc.constantFrom('sso', 'billing')),
});

test('it denies exactly what the token endpoint refuses, and what it misses is all there is to give', () => {
  fc.assert(
    fc.property(cases, ({ registered, resources, asked, features }) => {
      const one = client({ scopes: registered, resources });
      const told = explainGrant(one, scopes, asked, had(...features));
      const denies = [...told.steps, ...told.verdict].some(({ result }) => result === 'denies');
      const lacksFeature = told.features.some((feature) => !features.includes(feature));
      expect(denies || lacksFeature).toBe(!isGranted(one, asked, had(...features)));
      if (told.missing === null) return;
      const given = client({
        scopes: [...registered, ...told.missing.scopes],
        resources: resources === null ? null : [...resources, ...told.missing.resources],
      });
      expect(isGranted(given, asked, had(...features, ...told.missing.features))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
