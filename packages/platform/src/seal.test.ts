import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type KeyEncryptionKeys, newKeyEntry, parseKeys, rewrap, SealError, seal, unseal } from './seal.js';

const keysOf = (...ids: string[]): KeyEncryptionKeys => parseKeys(ids.map(newKeyEntry).join(','));
const keys = keysOf('k1');
const PURPOSE = 'signing_key|abc';

describe('seal and unseal', () => {
  test('any bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, purpose) => {
        expect(unseal(keys, purpose, seal(keys, purpose, Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('the same text is sealed differently each time, and does not show', () => {
    const [one, two] = [seal(keys, PURPOSE, 'secret text'), seal(keys, PURPOSE, 'secret text')];
    expect(one).toMatch(/^v1\.k1\.[\w-]+\.[\w-]+$/);
    expect(one).not.toBe(two);
    expect(one).not.toContain(Buffer.from('secret text').toString('base64url').slice(0, 12));
  });

  test('the first key seals, every one opens', () => {
    const [old, fresh] = [newKeyEntry('old'), newKeyEntry('new')];
    const sealed = seal(parseKeys(old), PURPOSE, 'x');
    const both = parseKeys(`${fresh},${old}`);
    expect(unseal(both, PURPOSE, sealed).toString()).toBe('x');
    expect(seal(both, PURPOSE, 'x')).toMatch(/^v1\.new\./);
    expect(() => unseal(parseKeys(fresh), PURPOSE, sealed)).toThrow('no key old');
  });

  test('another key of the same name does not open', () => {
    expect(() => unseal(keysOf('k1'), PURPOSE, seal(keys, PURPOSE, 'x'))).toThrow(SealError);
  });

  test('what was sealed for one purpose does not serve another', () => {
    const sealed = seal(keys, PURPOSE, 'x');
    for (const other of ['signing_key|abd', 'pepper|1', '', `${PURPOSE}|k1`]) {
      expect(() => unseal(keys, other, sealed)).toThrow(SealError);
    }
  });

  test('the sealed data key of one value does not open another', () => {
    const [one, two] = [seal(keys, PURPOSE, 'one').split('.'), seal(keys, PURPOSE, 'two').split('.')];
    expect(() => unseal(keys, PURPOSE, [...one.slice(0, 3), two[3]].join('.'))).toThrow(SealError);
  });

  test('with any byte changed it does not open', () => {
    const sealed = seal(keys, PURPOSE, randomBytes(20));
    const parts = sealed.split('.');
    for (const part of [2, 3]) {
      const bytes = Buffer.from(parts[part] ?? '', 'base64url');
      for (let index = 0; index < bytes.length; index++) {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
        const forged = parts.with(part, changed.toString('base64url')).join('.');
        expect(() => unseal(keys, PURPOSE, forged)).toThrow(SealError);
      }
    }
  });

  test.each(['', 'v1', 'v1.k1', 'v1.k1.a', 'v2.k1.a.b', 'v1..a.b', 'v1.k1.a.b', 'v1.k1.AAAA.AAAA', 'text'])(
    '%j is not a sealed value',
    (text) => {
      expect(() => unseal(keys, PURPOSE, text)).toThrow(SealError);
    },
  );
});

describe('rewrap', () => {
  const [old, fresh] = [newKeyEntry('old'), newKeyEntry('new')];
  const both = parseKeys(`${fresh},${old}`);
  const sealed = seal(parseKeys(old), PURPOSE, 'secret text');

  test('only the wrapping changes; the old key is then needed no more', () => {
    const rewrapped = rewrap(both, PURPOSE, sealed);
    expect(rewrapped).toMatch(/^v1\.new\./);
    expect(rewrapped.split('.')[3]).toBe(sealed.split('.')[3]);
    expect(rewrapped.split('.')[2]).not.toBe(sealed.split('.')[2]);
    expect(unseal(parseKeys(fresh), PURPOSE, rewrapped).toString()).toBe('secret text');
    expect(() => unseal(parseKeys(old), PURPOSE, rewrapped)).toThrow('no key new');
  });

  test('what is under the first key stays as it is', () => {
    expect(rewrap(parseKeys(`${old},${fresh}`), PURPOSE, sealed)).toBe(sealed);
    const again = rewrap(both, PURPOSE, sealed);
    expect(rewrap(both, PURPOSE, again)).toBe(again);
  });

  test.each<[string, () => unknown]>([
    ['without the old key', () => rewrap(parseKeys(fresh), PURPOSE, sealed)],
    ['for another purpose', () => rewrap(both, 'pepper|1', sealed)],
    ['under another key of the same name', () => rewrap(parseKeys(`${fresh},${newKeyEntry('old')}`), PURPOSE, sealed)],
    ['of what is no sealed value', () => rewrap(both, PURPOSE, 'text')],
  ])('%s is refused', (_what, attempt) => {
    expect(attempt).toThrow(SealError);
  });

  test('a wrapping moved to another value does not open it', () => {
    const other = rewrap(both, PURPOSE, seal(parseKeys(old), PURPOSE, 'another')).split('.');
    const mixed = [...rewrap(both, PURPOSE, sealed).split('.').slice(0, 3), other[3]].join('.');
    expect(() => unseal(both, PURPOSE, mixed)).toThrow(SealError);
  });
});

describe('parseKeys', () => {
  test('takes entries separated by commas or lines, in order', () => {
    expect([...parseKeys(`${newKeyEntry('b')}\n${newKeyEntry('a')}, ${newKeyEntry('c')}\n`).keys()]).toEqual([
      'b',
      'a',
      'c',
    ]);
  });

  test.each([
    ['nothing', ''],
    ['no colon', 'k1'],
    ['a short key', `k1:${randomBytes(31).toString('base64url')}`],
    ['a long key', `k1:${randomBytes(33).toString('base64url')}`],
    ['no id', `:${randomBytes(32).toString('base64url')}`],
    ['an id that would break the sealed form', `k.1:${randomBytes(32).toString('base64url')}`],
    ['a third part', `${newKeyEntry('k1')}:x`],
    ['an id twice', `${newKeyEntry('k1')},${newKeyEntry('k1')}`],
    ['a good and a bad entry', `${newKeyEntry('k1')},k2:abc`],
  ])('%s is refused', (_what, list) => {
    expect(() => parseKeys(list)).toThrow(SealError);
  });

  test('a refusal never repeats the key', () => {
    const key = randomBytes(31).toString('base64url');
    expect(() => parseKeys(`k1:${key}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(key) }),
    );
  });
});
