import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseForm } from './form.js';
import { OAuthFault } from './oauth-fault.js';
import { presentedCredential } from './presented-credential.js';

const URN = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const form = (parameters: Record<string, string> = {}) =>
  parseForm(Buffer.from(new URLSearchParams(parameters).toString()));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
const basic = (id: string, secret: string) => `Basic ${base64(`${encode(id)}:${encode(secret)}`)}`;

const faultOf = (authorization: string | undefined, parameters: Record<string, string> = {}): OAuthFault => {
  try {
    presentedCredential(authorization, form(parameters));
  } catch (error) {
    if (error instanceof OAuthFault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('HTTP Basic', () => {
  test.each([
    ['plain', 'my_client_id', 'my_client_secret'],
    ['a colon in both', 'a:b', 'c:d'],
    ['percent and plus', 'id%', '50%+1'],
    ['spaces', 'my client', 'a secret with spaces'],
    ['escapes that are meant literally', '%41', '%2B+'],
  ])('RFC 6749 §2.3.1: id and secret are form-urlencoded each: %s', (_what, clientId, secret) => {
    expect(presentedCredential(basic(clientId, secret), form())).toEqual({
      method: 'client_secret_basic',
      clientId,
      secret,
    });
  });

  test('every pair of printable texts round-trips', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(printable, printable, (clientId, secret) => {
        expect(presentedCredential(basic(clientId, secret), form())).toMatchObject({ clientId, secret });
      }),
    );
  });

  test('a plus that was not encoded is a space, never a plus', () => {
    expect(presentedCredential(`Basic ${base64('id:a+b')}`, form())).toMatchObject({ secret: 'a b' });
  });

  test('the first colon ends the id', () => {
    expect(presentedCredential(`Basic ${base64('id:a:b')}`, form())).toMatchObject({ clientId: 'id', secret: 'a:b' });
  });

  test.each(['basic', 'BASIC', 'bAsIc'])('RFC 9110 §11.1: the scheme %s matches in any case', (scheme) => {
    expect(presentedCredential(`${scheme} ${base64('id:secret')}`, form())).toMatchObject({ clientId: 'id' });
  });

  test.each([
    ['another scheme', 'Bearer abc'],
    ['no credentials', 'Basic'],
    ['no credentials, one space', 'Basic '],
    ['empty', ''],
    ['no base64', 'Basic ***'],
    ['two values', `Basic ${base64('a:b')} ${base64('a:b')}`],
    ['two headers joined', `Basic ${base64('a:b')}, Basic ${base64('a:b')}`],
    ['a tab', `Basic\t${base64('a:b')}`],
    ['base64url', 'Basic _-__'],
    ['no colon', `Basic ${base64('idsecret')}`],
    ['an empty id', `Basic ${base64(':secret')}`],
    ['an empty secret', `Basic ${base64('id:')}`],
    ['NUL in the secret', `Basic ${base64('id:a%00b')}`],
    ['NUL in the id, unencoded', `Basic ${base64('i\0d:ab')}`],
    ['a control character', `Basic ${base64('id:a\nb')}`],
    ['non-ASCII', `Basic ${base64('id:caf%C3%A9')}`],
    ['a malformed escape', `Basic ${base64('id:100%')}`],
    ['bytes that are not UTF-8', `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`],
  ])('RFC 6749 §5.2: Basic with %s is invalid_client', (_what, authorization) => {
    const fault = faultOf(authorization);
    expect([fault.error, fault.status, fault.message]).toEqual(['invalid_client', 401, 'Client authentication failed']);
  });

  test('a client_id in the body may repeat the one in the header', () => {
    expect(presentedCredential(basic('id', 'secret'), form({ client_id: 'id' }))).toMatchObject({ clientId: 'id' });
  });

  test('a client_id in the body that differs is invalid_request', () => {
    expect(faultOf(basic('id', 'secret'), { client_id: 'other' }).error).toBe('invalid_request');
  });
});

describe('the form body', () => {
  test('RFC 6749 §2.3.1: client_id and client_secret', () => {
    expect(presentedCredential(undefined, form({ client_id: 'id', client_secret: 'a+b %' }))).toEqual({
      method: 'client_secret_post',
      clientId: 'id',
      secret: 'a+b %',
    });
  });

  test.each([
    ['nothing', {}],
    ['no secret', { client_id: 'id' }],
    ['no id', { client_secret: 'secret' }],
    ['an empty secret', { client_id: 'id', client_secret: '' }],
    ['an empty id', { client_id: '', client_secret: 'secret' }],
  ])('RFC 6749 §5.2: %s is no authentication: invalid_client', (_what, parameters) => {
    expect(faultOf(undefined, parameters).error).toBe('invalid_client');
  });
});

describe('one method only', () => {
  const both = { client_assertion_type: URN, client_assertion: 'a.b.c' };
  test.each([
    ['Basic and a secret in the body', basic('id', 's'), { client_secret: 's' }],
    ['Basic and an assertion', basic('id', 's'), both],
    ['Basic and half an assertion', basic('id', 's'), { client_assertion: 'a.b.c' }],
    ['a secret and an assertion', undefined, { client_id: 'id', client_secret: 's', ...both }],
    ['all three', basic('id', 's'), { client_secret: 's', ...both }],
    ['Bearer and a secret in the body', 'Bearer abc', { client_id: 'id', client_secret: 's' }],
  ])('RFC 6749 §2.3: %s is invalid_request', (_what, authorization, parameters) => {
    expect(faultOf(authorization, parameters).error).toBe('invalid_request');
  });

  test.each<Record<string, string>>([{ client_assertion: 'a.b.c' }, { client_assertion_type: URN }])(
    'RFC 7521 §4.2: half an assertion is invalid_request: %o',
    (parameters) => {
      expect(faultOf(undefined, parameters).error).toBe('invalid_request');
    },
  );

  test('RFC 7523 §2.2: an assertion, with or without a client_id', () => {
    const assertion = { method: 'private_key_jwt', assertion: 'a.b.c' };
    expect(presentedCredential(undefined, form(both))).toEqual({ ...assertion, bodyClientId: undefined });
    expect(presentedCredential(undefined, form({ client_id: 'id', ...both }))).toEqual({
      ...assertion,
      bodyClientId: 'id',
    });
  });

  test('RFC 7523 §2.2: of the one assertion type only, to the letter', () => {
    for (const type of [`${URN} `, URN.toUpperCase(), 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']) {
      expect(faultOf(undefined, { ...both, client_assertion_type: type }).error).toBe('invalid_request');
    }
  });
});
