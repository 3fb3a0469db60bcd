import { isIP } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addressKey,
  contains,
  formatAddress,
  formatRange,
  isAllowed,
  parseAddress,
  parseRange,
  rangeFault,
} from './address-range.js';

const canonical = (text: string) => {
  const address = parseAddress(text);
  return address && formatAddress(address);
};

describe('parseAddress', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['::', '::'],
    ['::1', '::1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '192.0.2',
    '192.0.2.1.5',
    '192.0.2.256',
    '192.0.02.1',
    '0300.0.2.1',
    '0xc0.0.2.1',
    '3221225985',
    '0xc0000201',
    '192.0.2.1 ',
    '192.0.2.-1',
    '１92.0.2.1',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '12345::',
    'g::',
    '::ffff:192.0.2',
    '::ffff:192.0.2.256',
    '::192.0.2.1:1',
    'fe80::1%',
    'localhost',
    '[::1]',
    '::ffff:0xc0.0.2.1',
    '1:2:3:4:5:6:7:1.2.3.4',
  ])('"%s" is no address', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('every address comes back as it was, and is one to Node too', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, (text) => {
        const once = canonical(text);
        expect(once).not.toBeNull();
        expect(isIP(once ?? '')).not.toBe(0);
        expect(canonical(once ?? '')).toBe(once);
      }),
    );
  });
});

describe('ranges', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.7/32', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['::1/128', '::1'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
  ])('%s is %s', (text, expected) => {
    const range = parseRange(text);
    expect(range && formatRange(range)).toBe(expected);
    expect(rangeFault(text)).toBeUndefined();
  });

  test.each([
    ['192.0.2.1/24', 'has bits beyond its prefix; did you mean 192.0.2.0/24?'],
    ['2001:db8::1/64', 'has bits beyond its prefix; did you mean 2001:db8::/64?'],
    ...[
      '192.0.2.0/33',
      '192.0.2.0/',
      '192.0.2.0/024',
      '192.0.2.0/-1',
      '192.0.2.0/24/24',
      '::/129',
      '::ffff:192.0.2.0/24',
      'fe80::1%eth0',
      'example.com',
      '192.0.2.*',
      '',
    ].map((text) => [text, 'must be an IPv4 or IPv6 address, or a CIDR range such as 192.0.2.0/24 or 2001:db8::/32']),
  ])('"%s" %s', (text, fault) => {
    expect(parseRange(text)).toBeNull();
    expect(rangeFault(text)).toBe(fault);
  });

  test.each([
    ['192.0.2.0/24', '192.0.2.0', true],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['192.0.2.0/24', '::192.0.2.9', false],
    ['::/0', '192.0.2.9', false],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('%s contains %s: %s', (range, address, expected) => {
    expect(isAllowed([parseRange(range) as never], parseAddress(address))).toBe(expected);
  });

  test('an empty list allows everybody, any other nobody without an address', () => {
    expect(isAllowed([], null)).toBe(true);
    expect(isAllowed([parseRange('0.0.0.0/0') as never], null)).toBe(false);
  });

  test('a range contains exactly the addresses that share its first bits', () => {
    const bits = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
    fc.assert(
      fc.property(bits, bits, fc.integer({ min: 0, max: 128 }), (one, other, length) => {
        const host = BigInt(128 - length);
        const range = { family: 6, bits: (one >> host) << host, length } as const;
        expect(contains(range, { family: 6, bits: one })).toBe(true);
        expect(contains(range, { family: 6, bits: other })).toBe(one >> host === other >> host);
      }),
    );
  });
});

describe('N29: under what an address is counted', () => {
  test.each([
    [
      [
        '192.0.2.1',
        '::ffff:192.0.2.1',
        '::FFFF:C000:0201',
        '0:0::ffff:192.0.2.1',
        '192.0.2.1:443',
        '[::ffff:192.0.2.1]:80',
      ],
      '192.0.2.1',
    ],
    [['2001:db8::1', '2001:DB8:0:0:ffff::2%eth0', '[2001:db8::3]:443', '[2001:db8::3]'], '2001:db8::/64'],
    [['2001:db8:0:1::1'], '2001:db8:0:1::/64'],
    [['', 'garbage', '0x7f.0.0.1', '0177.0.0.1', '127.1', '2130706433', '192.0.2.1:http', 'x'.repeat(10_000)], 'none'],
  ])('%j', (texts, key) => {
    expect(texts.map(addressKey)).toEqual(texts.map(() => key));
  });

  test('nobody gets a second key inside a /64', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (text, host) => {
        const address = parseAddress(text);
        fc.pre(address?.family === 6);
        const moved = { family: 6, bits: (((address?.bits ?? 0n) >> 64n) << 64n) | host } as const;
        expect(addressKey(formatAddress(moved))).toBe(addressKey(text));
      }),
    );
  });
});
