import type { NotBeforeKind } from '@bastionary/contracts/revocations';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DatedToken, isCutOff } from './not-before.js';

const KINDS: NotBeforeKind[] = ['installation', 'client', 'credential', 'resource', 'signing_key', 'family'];
const AT = Date.parse('2027-01-01T00:00:00Z');
const token: DatedToken = {
  issuedAt: AT,
  clientId: 'ci',
  credentialId: 'crd_1',
  audience: ['urn:a', 'urn:b'],
  kid: 'key-1',
  familyId: 'fam_1',
};
type Cut = readonly [kind: NotBeforeKind, subject: string, at: number];

/** As the database does it: each only ever upwards. */
const listOf = (cuts: readonly Cut[]) => {
  const list = new Map<string, number>();
  for (const [kind, subject, at] of cuts) {
    list.set(`${kind} ${subject}`, Math.max(at, list.get(`${kind} ${subject}`) ?? at));
  }
  return (kind: NotBeforeKind, subject: string) => list.get(`${kind} ${subject}`);
};
const judge = (cuts: readonly Cut[], one = token) => isCutOff(listOf(cuts), one);

describe('isCutOff', () => {
  test.each<[string, Cut[], NotBeforeKind | null]>([
    ['nothing cut off', [], null],
    ['the installation, a moment later', [['installation', '', AT + 1]], 'installation'],
    ['the installation, at that very moment', [['installation', '', AT]], null],
    ['the installation, earlier', [['installation', '', AT - 1]], null],
    ['its client', [['client', 'ci', AT + 1]], 'client'],
    ['another client', [['client', 'cd', AT + 1]], null],
    ['its credential', [['credential', 'crd_1', AT + 1]], 'credential'],
    ['another credential', [['credential', 'crd_2', AT + 1]], null],
    ['its first resource', [['resource', 'urn:a', AT + 1]], 'resource'],
    ['its second resource', [['resource', 'urn:b', AT + 1]], 'resource'],
    ['another resource', [['resource', 'urn:c', AT + 1]], null],
    ['its signing key', [['signing_key', 'key-1', AT + 1]], 'signing_key'],
    ['another signing key', [['signing_key', 'key-2', AT + 1]], null],
    ['its family', [['family', 'fam_1', AT + 1]], 'family'],
    ['its family, while it was being issued', [['family', 'fam_1', AT - 1]], 'family'],
    ['another family', [['family', 'fam_2', AT + 1]], null],
    ['a client of the name of its family', [['client', 'fam_1', AT + 1]], null],
    [
      'a wider one that is earlier does not hide a narrower one that is later',
      [
        ['installation', '', AT - 1],
        ['client', 'ci', AT + 1],
      ],
      'client',
    ],
    [
      'a narrower one that is earlier does not hide a wider one that is later',
      [
        ['installation', '', AT + 1],
        ['client', 'ci', AT - 1],
      ],
      'installation',
    ],
    [
      'of several the latest is named',
      [
        ['client', 'ci', AT + 1],
        ['resource', 'urn:b', AT + 3],
        ['signing_key', 'key-1', AT + 2],
      ],
      'resource',
    ],
    [
      'CVE-2026-8922: set back afterwards',
      [
        ['client', 'ci', AT + 1],
        ['client', 'ci', AT - 1],
      ],
      'client',
    ],
  ])('%s', (_what, cuts, expected) => {
    expect(judge(cuts)).toBe(expected);
  });

  test('an opaque token has no key, a token of its own no family, an old one no credential', () => {
    const bare = { ...token, credentialId: undefined, kid: undefined, familyId: undefined, audience: 'urn:a' };
    expect(KINDS.map((kind) => judge([[kind, '', AT + 1]], bare))).toEqual([
      'installation',
      ...KINDS.slice(1).map(() => null),
    ]);
    expect(judge([['resource', 'urn:a', AT + 1]], bare)).toBe('resource');
  });

  const cut: fc.Arbitrary<Cut> = fc.tuple(
    fc.constantFrom(...KINDS),
    fc.constantFrom('', 'ci', 'cd', 'crd_1', 'urn:a', 'urn:b', 'key-1', 'fam_1'),
    fc.integer({ min: AT - 3, max: AT + 3 }),
  );
  const any: fc.Arbitrary<DatedToken> = fc.record({
    issuedAt: fc.integer({ min: AT - 3, max: AT + 3 }),
    clientId: fc.constantFrom('ci', 'cd'),
    credentialId: fc.constantFrom('crd_1', undefined),
    audience: fc.constantFrom<string | string[]>('urn:a', ['urn:a', 'urn:b']),
    kid: fc.constantFrom('key-1', undefined),
    familyId: fc.constantFrom('fam_1', undefined),
  });
  const subjectsOf = (one: DatedToken): Record<NotBeforeKind, readonly (string | undefined)[]> => ({
    installation: [''],
    client: [one.clientId],
    credential: [one.credentialId],
    resource: [one.audience].flat(),
    signing_key: [one.kid],
    family: [one.familyId],
  });

  test('dead exactly if issued before the maximum over all it belongs to, whatever came in which order', () => {
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 12 }), any, (cuts, one) => {
        const mine = cuts
          .filter(([kind, subject]) => subjectsOf(one)[kind].includes(subject))
          .map(([kind, , at]) => (kind === 'family' ? Number.POSITIVE_INFINITY : at));
        expect(judge(cuts, one) !== null).toBe(one.issuedAt < Math.max(Number.NEGATIVE_INFINITY, ...mine));
        expect(judge(cuts.toReversed(), one) !== null).toBe(judge(cuts, one) !== null);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a dead token stays dead, whatever is cut off afterwards; an older sibling is dead too', () => {
    fc.assert(
      fc.property(fc.array(cut), fc.array(cut), any, fc.nat(5), (cuts, later, one, age) => {
        fc.pre(judge(cuts, one) !== null);
        expect(judge([...cuts, ...later], one)).not.toBeNull();
        expect(judge(cuts, { ...one, issuedAt: one.issuedAt - age })).not.toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});
