import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OAuthFault } from './oauth-fault.js';
import { decideGrant, parseScope } from './scope.js';

const AUDIENCES: Record<string, string> = {
  read: 'urn:api:a',
  write: 'urn:api:a',
  pay: 'https://pay.example/v1',
  'x:y': 'urn:api:c',
};
const audienceOf = (scope: string) => (Object.hasOwn(AUDIENCES, scope) ? AUDIENCES[scope] : undefined);
const decide = (scope: string | undefined, resources: string[] = [], registered = ['read', 'write', 'pay']) =>
  decideGrant({ scope, resources }, { scopes: new Set(registered), resources: null }, audienceOf);

const errorOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof OAuthFault) return error.error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('parseScope', () => {
  test.each([
    ['read', ['read']],
    ['read write', ['read', 'write']],
    ['write read', ['write', 'read']],
    ['read read write read', ['read', 'write']],
    ['Read read', ['Read', 'read']],
    ['!#[]~', ['!#[]~']],
    ['https://a.example/b?c=d', ['https://a.example/b?c=d']],
  ])('RFC 6749 §3.3: "%s" names %j', (text, names) => {
    expect(parseScope(text)).toEqual(names);
  });

  test.each([
    '',
    ' ',
    ' read',
    'read ',
    'read  write',
    'read\twrite',
    'a"b',
    'a\\b',
    'caf\u00e9',
    'a\nb',
    'a\x7f',
    'a\0',
  ])('RFC 6749 §3.3: %j is malformed: invalid_scope', (text) => {
    expect(errorOf(() => parseScope(text))).toBe('invalid_scope');
  });
});

describe('decideGrant', () => {
  test.each([
    ['what was asked for, in the order asked', 'write read', [], { scope: 'write read', audience: 'urn:api:a' }],
    ['each scope once', 'read read', [], { scope: 'read', audience: 'urn:api:a' }],
    [
      'RFC 6749 §3.3: everything registered by default',
      undefined,
      [],
      { scope: 'read write pay', audience: ['urn:api:a', 'https://pay.example/v1'] },
    ],
    [
      'RFC 8707 §2.2: the resource alone chooses its scopes',
      undefined,
      ['urn:api:a'],
      { scope: 'read write', audience: 'urn:api:a' },
    ],
    [
      'a scope and its resource',
      'pay',
      ['https://pay.example/v1'],
      { scope: 'pay', audience: 'https://pay.example/v1' },
    ],
    [
      'the audience is what the scopes need, not all that was named',
      'read',
      ['urn:api:a', 'https://pay.example/v1'],
      { scope: 'read', audience: 'urn:api:a' },
    ],
    ['a resource named twice is one', 'read', ['urn:api:a', 'urn:api:a'], { scope: 'read', audience: 'urn:api:a' }],
  ])('grants %s', (_what, scope, resources, grant) => {
    expect(decide(scope, resources)).toMatchObject(grant);
  });

  test.each([
    ['a scope that is not registered', 'admin', [], 'invalid_scope'],
    ['one of several that is not registered', 'read admin', [], 'invalid_scope'],
    ['another case', 'READ', [], 'invalid_scope'],
    ['the name of an object member', 'constructor', [], 'invalid_scope'],
    ['RFC 8707 §2: an unknown resource', 'read', ['urn:api:nobody'], 'invalid_target'],
    ['a known resource of which the client has no scope', 'read', ['urn:api:c'], 'invalid_target'],
    ['a relative resource', 'read', ['/api'], 'invalid_target'],
    ['a resource that is no URI', 'read', ['a b'], 'invalid_target'],
    ['a fragment', 'read', ['urn:api:a#x'], 'invalid_target'],
    ['an empty fragment', 'read', ['urn:api:a#'], 'invalid_target'],
    ['one good and one unknown resource', 'read', ['urn:api:a', 'urn:api:nobody'], 'invalid_target'],
    ['a prefix of a resource', 'read', ['urn:api'], 'invalid_target'],
    ['another case of a resource', 'read', ['URN:API:A'], 'invalid_target'],
    ['a scope of another resource than the one named', 'pay', ['urn:api:a'], 'invalid_scope'],
  ])('refuses %s', (_what, scope, resources, error) => {
    expect(errorOf(() => decide(scope, resources))).toBe(error);
  });

  test('RFC 9068 §2.2: there is no token without an audience', () => {
    expect(errorOf(() => decide(undefined, [], []))).toBe('invalid_scope');
    expect(errorOf(() => decide(undefined, [], ['gone']))).toBe('invalid_scope');
    expect(errorOf(() => decide('gone', [], ['gone']))).toBe('invalid_scope');
  });

  const name = fc.constantFrom<string[]>('read', 'write', 'pay', 'x:y', 'admin', 'gone', 'READ');
  const request = fc.record({
    scope: fc.option(
      fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join(' ')),
      { nil: undefined },
    ),
    resources: fc.array(fc.constantFrom(...Object.values(AUDIENCES), 'urn:none', 'relative'), { maxLength: 3 }),
    registered: fc.array(name, { maxLength: 6 }),
  });

  test('whatever is asked: granted is within registered and asked, in order, each once, with exactly its audiences', () => {
    fc.assert(
      fc.property(request, ({ scope, resources, registered }) => {
        let grant: ReturnType<typeof decide>;
        try {
          grant = decide(scope, resources, registered);
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthFault);
          return;
        }
        const granted = grant.scope.split(' ');
        const order = scope === undefined ? [...new Set(registered)] : [...new Set(scope.split(' '))];
        expect(granted.length).toBeGreaterThan(0);
        expect(granted.every((one) => registered.includes(one))).toBe(true);
        expect(granted).toEqual(order.filter((one) => granted.includes(one)));
        if (scope !== undefined) expect(granted).toEqual(order);
        const audiences = [grant.audience].flat();
        expect(new Set(audiences)).toEqual(new Set(granted.map(audienceOf)));
        if (resources.length > 0) expect(audiences.every((one) => resources.includes(one))).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('asking again for what was granted grants the same', () => {
    fc.assert(
      fc.property(request, ({ scope, resources, registered }) => {
        let grant: ReturnType<typeof decide>;
        try {
          grant = decide(scope, resources, registered);
        } catch {
          return;
        }
        expect(decide(grant.scope, resources, registered)).toEqual({ ...grant, requested: true });
      }),
      { numRuns: 2_000 },
    );
  });
});
