import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instant, text, toInstant, toInstantOrNull } from './text.js';

const name = text(20);
const messageOf = (value: unknown): string | undefined => name.safeParse(value).error?.issues[0]?.message;

describe('text', () => {
  test.each([
    ['plain', 'plain'],
    ['  trimmed \u00a0', 'trimmed'],
    ['Zoë 日本語 \u{1f511}', 'Zoë 日本語 \u{1f511}'],
    ['x'.repeat(20), 'x'.repeat(20)],
    [` ${'x'.repeat(20)} `, 'x'.repeat(20)],
    ['<b>"\\', '<b>"\\'],
  ])('%j is %j', (given, expected) => {
    expect(name.parse(given)).toBe(expected);
  });

  test.each([
    ['empty', '', 'must not be empty'],
    ['blank', ' \u3000 ', 'must not be empty'],
    ['too long', 'x'.repeat(21), 'must be at most 20 characters'],
    ['a lone high surrogate', 'a\ud800b', 'must be well-formed Unicode (no lone surrogate)'],
    ['a lone low surrogate', '\udc00', 'must be well-formed Unicode (no lone surrogate)'],
    ['surrogates the wrong way round', '\udc00\ud800', 'must be well-formed Unicode (no lone surrogate)'],
  ])('%s is refused: %j', (_what, value, message) => {
    expect(messageOf(value)).toBe(message);
  });

  test('every control character is refused, anywhere, and nothing else of Latin-1', () => {
    for (let code = 0; code <= 0xff; code++) {
      const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
      const value = `a${String.fromCharCode(code)}b`;
      expect([code, messageOf(value)]).toEqual([code, control ? 'must not contain control characters' : undefined]);
      if (control) expect(messageOf(String.fromCharCode(code))).toBe('must not contain control characters');
    }
  });

  test('what passes is what a database stores and gives back: well-formed, trimmed, without controls', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 25 }), (value) => {
        const parsed = name.safeParse(value);
        if (!parsed.success) return;
        expect(parsed.data).toBe(value.trim());
        expect(Buffer.from(parsed.data).toString()).toBe(parsed.data);
        expect(name.parse(parsed.data)).toBe(parsed.data);
      }),
    );
  });

  test.each([1, true, null, {}, ['a']])('%j is no text', (value) => {
    expect(name.safeParse(value).success).toBe(false);
  });
});

describe('instant', () => {
  test.each(['2023-12-31T23:59:59Z', '2024-02-29T00:00:00.123Z', '2027-01-01T01:00:00+01:00', '9999-12-31T23:59:59Z'])(
    '%s is RFC 3339',
    (value) => {
      expect(instant.parse(value)).toBe(value);
    },
  );

  test.each([
    '2023-12-31',
    '2023-12-31 23:59:59Z',
    '2023-12-31T23:59:59',
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-12-31T24:00:00Z',
    '2023-12-31T23:59:60Z',
    '2023-12-31T23:59Z',
    '+010000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '1704067199',
    'tomorrow',
    '',
    1704067199,
    null,
  ])('%j is not', (value) => {
    expect(instant.safeParse(value).success).toBe(false);
  });

  test('what passes is an instant that leaves in four-digit years, whatever its offset', () => {
    const digits = (min: number, max: number, length: number) =>
      fc.integer({ min, max }).map((value) => String(value).padStart(length, '0'));
    const value = fc
      .tuple(
        digits(0, 9999, 4),
        digits(1, 12, 2),
        digits(1, 31, 2),
        digits(0, 23, 2),
        fc.constantFrom('Z', '+23:59', '-23:59'),
      )
      .map(([year, month, day, hour, offset]) => `${year}-${month}-${day}T${hour}:00:00${offset}`);
    fc.assert(
      fc.property(
        fc.oneof(
          value,
          fc.constantFrom('9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+01:00'),
        ),
        (one) => {
          if (instant.safeParse(one).success) expect(toInstant(new Date(one))).toMatch(/^(?!0000)\d{4}-\d\d-\d\dT/);
        },
      ),
    );
  });
});

describe('toInstant', () => {
  test.each([
    ['2023-12-31T23:59:59Z', '2023-12-31T23:59:59Z'],
    ['2024-01-01T00:59:59+01:00', '2023-12-31T23:59:59Z'],
    ['2023-12-31T23:59:59.250Z', '2023-12-31T23:59:59.250Z'],
  ])('%s leaves as %s', (given, expected) => {
    expect(toInstant(new Date(given))).toBe(expected);
    expect(toInstantOrNull(new Date(given))).toBe(expected);
  });

  test('no instant is null', () => {
    expect(toInstantOrNull(null)).toBeNull();
  });
});
