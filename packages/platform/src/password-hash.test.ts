import { describe, expect, test } from '@jest/globals';
import { hashPassword, UNMATCHABLE_HASH, verifyPassword } from './password-hash.js';

describe('passwords', () => {
  test('the right one is verified, and no other', async () => {
    const phc = await hashPassword('correct horse battery staple');
    expect(await verifyPassword(phc, 'correct horse battery staple')).toBe(true);
    for (const wrong of [
      '',
      'correct horse battery stapl',
      'correct horse battery staple ',
      'Correct horse battery staple',
    ]) {
      expect(await verifyPassword(phc, wrong)).toBe(false);
    }
  });

  test.each([
    'pässwörd with ünïcode',
    '密码密码密码密码密码密码密码密码',
    '\u{1f511}'.repeat(20),
    'x'.repeat(256),
    'a\0b',
  ])('every character counts: %s', async (password) => {
    const phc = await hashPassword(password);
    expect(await verifyPassword(phc, password)).toBe(true);
    expect(await verifyPassword(phc, password.slice(0, -1))).toBe(false);
  });

  test('is argon2id at the recommended cost, with a salt of its own each time', async () => {
    const [one, two] = await Promise.all([hashPassword('x'), hashPassword('x')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
  });

  test('a hash made at another cost is verified at that cost', async () => {
    const phc = await hashPassword('x');
    expect(await verifyPassword(phc.replace('t=2', 't=3'), 'x')).toBe(false);
  });

  test('many at once all get their own answer', async () => {
    const phc = await hashPassword('right');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => verifyPassword(phc, index % 3 === 0 ? 'right' : `wrong ${index}`)),
    );
    expect(answers).toEqual(Array.from({ length: 12 }, (_, index) => index % 3 === 0));
  });

  test('nothing matches the unmatchable hash', async () => {
    expect(await verifyPassword(UNMATCHABLE_HASH, '')).toBe(false);
    expect(await verifyPassword(UNMATCHABLE_HASH, UNMATCHABLE_HASH)).toBe(false);
  });

  test.each(['', 'plain', '$argon2i$v=19$m=1,t=1,p=1$c2FsdA$dGFn', '$2b$10$abc'])(
    'a stored hash of an unknown form is an error, not a wrong password: %j',
    async (phc) => {
      await expect(verifyPassword(phc, 'x')).rejects.toThrow('unknown form');
    },
  );
});
