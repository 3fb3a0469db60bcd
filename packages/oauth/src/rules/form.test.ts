import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decode, parseForm } from './form.js';
import { OAuthFault } from './oauth-fault.js';

const parse = (body: string | Buffer) => parseForm(Buffer.from(body as string));

const refusal = (work: () => unknown): OAuthFault => {
  try {
    work();
  } catch (error) {
    if (error instanceof OAuthFault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('parameters', () => {
  test.each([
    ['a=1&b=2', { a: '1', b: '2' }],
    ['scope=read+write', { scope: 'read write' }],
    ['scope=read%20write', { scope: 'read write' }],
    ['a=1%2B1', { a: '1+1' }],
    ['a=b=c', { a: 'b=c' }],
    ['&&a=1&', { a: '1' }],
    ['caf%C3%A9=%E2%82%AC', { café: '€' }],
    ['a=€', { a: '€' }],
    ['a+b=1', { 'a b': '1' }],
  ])('%s is read as it is meant', (body, expected) => {
    const form = parse(body);
    for (const [name, value] of Object.entries(expected)) expect(form.get(name)).toBe(value);
  });

  test('names that every object has are not parameters that were sent', () => {
    const form = parse('a=1');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(form.get(name)).toBeUndefined();
    }
    expect(parse('__proto__=x').get('__proto__')).toBe('x');
  });

  test.each(['scope=', 'scope', '', '&'])(
    'RFC 6749 §3.2: a parameter without a value counts as omitted: "%s"',
    (body) => {
      expect(parse(body).get('scope')).toBeUndefined();
    },
  );

  test('every text survives encoding and parsing', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 8, maxLength: 8 }),
        (names, values) => {
          fc.pre([...names, ...values].every((text) => !text.includes('\0')) && !names.includes('resource'));
          const pairs = names.map((name, index): [string, string] => [name, values[index] ?? '']);
          const form = parse(new URLSearchParams(pairs).toString());
          for (const [name, value] of pairs) expect(form.get(name)).toBe(value);
        },
      ),
    );
  });

  test('any bytes are either a form or an invalid_request, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(typeof parseForm(Buffer.from(bytes)).get).toBe('function');
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthFault);
          expect((error as OAuthFault).error).toBe('invalid_request');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what repeats', () => {
  test.each([
    'grant_type=a&grant_type=b',
    'scope=read&scope=read',
    'client_id=a&client_i%64=a',
    'scope=&scope=read',
    'scope=read&scope=',
    'scope&scope',
    'a+b=1&a%20b=2',
    '=1&=2',
  ])('RFC 6749 §3.2: %s repeats a parameter and is invalid_request', (body) => {
    const fault = refusal(() => parse(body));
    expect([fault.error, fault.status, fault.message]).toEqual([
      'invalid_request',
      400,
      'A parameter appears more than once',
    ]);
  });

  test('RFC 8707 §2: resource may repeat, in the order given, and an empty one is none', () => {
    expect(parse('resource=urn%3Aa&resource=&resource=urn:b&resource=urn:a').resources).toEqual([
      'urn:a',
      'urn:b',
      'urn:a',
    ]);
    expect(parse('a=1').resources).toEqual([]);
  });
});

describe('malformed text', () => {
  test.each([
    ['a percent sign alone', 'a=%'],
    ['half an escape', 'a=%4'],
    ['no hexadecimal', 'a=%zz'],
    ['an overlong encoding', 'a=%C0%AF'],
    ['an encoded lone surrogate', 'a=%ED%A0%80'],
    ['a truncated sequence', 'a=%E2%82'],
    ['NUL in a value', 'a=%00'],
    ['NUL in a name', 'a%00=b'],
    ['NUL unencoded', 'a=\0'],
    ['an escape in a name', '%=1'],
  ])('RFC 6749 appendix B: %s is invalid_request', (_what, body) => {
    expect(refusal(() => parse(body)).error).toBe('invalid_request');
  });

  test.each([
    ['Latin-1', Buffer.from('a=caf\xe9', 'latin1')],
    ['a lone continuation byte', Buffer.from([0x61, 0x3d, 0x80])],
    ['a surrogate in UTF-8', Buffer.from([0x61, 0x3d, 0xed, 0xa0, 0x80])],
    ['UTF-16', Buffer.from('a=é', 'utf16le')],
  ])('bytes that are not UTF-8 are invalid_request: %s', (_what, body) => {
    expect(refusal(() => parseForm(body)).error).toBe('invalid_request');
  });

  test('a byte order mark is part of the first name, not swallowed', () => {
    expect(parse('\ufeffa=1').get('a')).toBeUndefined();
    expect(parse('\ufeffa=1').get('\ufeffa')).toBe('1');
  });

  test('decode undoes application/x-www-form-urlencoded of one text', () => {
    expect(decode('a%3Ab+c%25%2B')).toBe('a:b c%+');
    expect(() => decode('%')).toThrow(OAuthFault);
  });
});
