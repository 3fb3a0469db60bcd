import { newId } from '@bastionary/platform/ids';
import { describe, expect, test } from '@jest/globals';
import { clientWarnings, isReservedClientId } from './client-warnings.js';
import { formatSecret } from './secret.js';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const codes = (secret: string | undefined, expiry: Date | null) =>
  clientWarnings({ secret, expiry, legacyAudience: false }, NOW).map(({ code }) => code);

describe('clientWarnings', () => {
  test.each([
    ['nothing chosen', undefined, null, []],
    ['a secret of our own form', formatSecret(new Uint8Array(32)), null, []],
    ['a chosen secret of 31 characters', 'x'.repeat(31), null, ['weak_client_secret']],
    ['a chosen secret of 32 characters', 'x'.repeat(32), null, ['chosen_client_secret']],
    ['an expiry in the future', undefined, new Date(NOW + 1), []],
    ['an expiry that is now', undefined, new Date(NOW), ['expiry_in_the_past']],
    ['both', 'my_client_secret', new Date(0), ['weak_client_secret', 'expiry_in_the_past']],
  ])('%s: %j', (_what, secret, expiry, expected) => {
    expect(codes(secret, expiry)).toEqual(expected);
  });

  test('assertions made out to the token endpoint are accepted', () => {
    expect(clientWarnings({ expiry: null, legacyAudience: true }, NOW).map(({ code }) => code)).toEqual([
      'legacy_assertion_audience',
    ]);
  });

  test('a warning never repeats the secret', () => {
    const [warning] = clientWarnings({ secret: 'my_client_secret', expiry: null, legacyAudience: false }, NOW);
    expect(warning?.message).toContain('16 characters');
    expect(JSON.stringify(warning)).not.toContain('my_client_secret');
  });
});

describe('isReservedClientId', () => {
  test.each(['cli', 'opr', 'cus', 'sub', 'crd'])(
    'RFC 9700 §4.15: an id of our own form is reserved: %s_…',
    (prefix) => {
      expect(isReservedClientId(newId(prefix))).toBe(true);
    },
  );

  test.each(['my_client_id', 'cli_', 'cli_short', `${newId('cli')}x`, `X${newId('cli')}`])('%s is free', (id) => {
    expect(isReservedClientId(id)).toBe(false);
  });
});
