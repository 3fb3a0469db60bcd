import { createHash } from 'node:crypto';
import type { FeatureValue } from '@bastionary/contracts/entitlements';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Resolved } from './resolve.js';
import { snapshotBytes } from './snapshot.js';

const resolved = (given: Partial<Resolved> = {}): Resolved => ({
  customer: 'cus_1',
  status: 'active',
  plans: ['pro@1'],
  features: {},
  validUntil: null,
  ...given,
});
const bodyOf = (value: FeatureValue): string => snapshotBytes(resolved({ features: { v: value } })).body;
const around = (value: string): string =>
  `{"customer":"cus_1","features":{"v":${value}},"plans":["pro@1"],"status":"active","valid_until":null}`;

test('the bytes, and their hash', () => {
  const given = resolved({ features: { seats: 5, api: true, region: null }, validUntil: Date.UTC(2027, 0, 31) });
  const body =
    '{"customer":"cus_1","features":{"api":true,"region":null,"seats":5},"plans":["pro@1"],"status":"active","valid_until":"2027-01-31T00:00:00Z"}';
  expect(snapshotBytes(given)).toEqual({ body, hash: createHash('sha256').update(body).digest('base64url') });
  expect(snapshotBytes(given).hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('milliseconds of valid_until are kept', () => {
  expect(snapshotBytes(resolved({ validUntil: 1 })).body).toContain('"valid_until":"1970-01-01T00:00:00.001Z"');
});

describe('RFC 8785', () => {
  test('§3.2.2.3: numbers as ECMAScript writes them', () => {
    expect(
      bodyOf([
        Number('333333333.33333329'),
        1e30,
        4.5,
        2e-3,
        0.000000000000000000000000001,
        -0,
        1e21,
        9007199254740991,
      ]),
    ).toBe(around('[333333333.3333333,1e+30,4.5,0.002,1e-27,0,1e+21,9007199254740991]'));
  });

  test('§3.2.2.2: no more is escaped than must be', () => {
    expect(bodyOf('€$\u000f\nA\'B"\\"/ö😀')).toBe(around('"€$\\u000f\\nA\'B\\"\\\\\\"/ö😀"'));
  });

  test('§3.2.3: names in the order of their UTF-16 units, at every level', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const value = Object.fromEntries(names.map((name) => [name, { b: 1, a: 2 }]));
    const order = ['"\\r"', '"1"', '"\u0080"', '"\u00f6"', '"\u20ac"', '"\ud83d\ude00"', '"\ufb33"'];
    expect(bodyOf(value)).toBe(around(`{${order.map((name) => `${name}:{"a":2,"b":1}`).join(',')}}`));
  });
});

test('the same facts in any order are the same bytes; other facts are other bytes', () => {
  const json = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<FeatureValue>;
  const features = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { maxKeys: 6 });
  fc.assert(
    fc.property(features, json, (given, other) => {
      const turned = Object.fromEntries(Object.entries(given).reverse());
      expect(snapshotBytes(resolved({ features: turned }))).toEqual(snapshotBytes(resolved({ features: given })));
      const { hash } = snapshotBytes(resolved({ features: { ...given, extra: other } }));
      expect(hash).not.toBe(snapshotBytes(resolved({ features: given })).hash);
    }),
  );
});

test('what was written and read again is the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const body = bodyOf(value as FeatureValue);
      expect(bodyOf(JSON.parse(body).features.v)).toBe(body);
    }),
  );
});
