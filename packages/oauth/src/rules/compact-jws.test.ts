import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ALGORITHM_NAMES,
  type Algorithm,
  algorithmNamed,
  fromBase64url,
  isSignedBy,
  JWS_LENGTH_MAX,
  readCompactJws,
} from './compact-jws.js';

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const ALL: Algorithm[] = ['ES256', 'PS256', 'EdDSA'];
const pss = (saltLength: number) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const options = { ES256: { dsaEncoding: 'ieee-p1363' as const }, PS256: pss(32), EdDSA: {} };

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const INPUT = `${encode({ alg: 'any' })}.${encode({ jti: 'one' })}`;
const signed = (alg: Algorithm, how: object = options[alg]) => {
  const key = { key: pairs[alg].privateKey, ...how };
  return `${INPUT}.${sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(INPUT), key).toString('base64url')}`;
};

async function holds(text: string, alg: Algorithm, key: KeyObject = pairs[alg].publicKey): Promise<boolean> {
  const read = readCompactJws(text);
  return read.ok && isSignedBy(read.jws, alg, key);
}

describe.each(ALL)('%s', (alg) => {
  const text = signed(alg);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

  test('its own signature holds, under its own key and algorithm only', async () => {
    expect(await holds(text, alg)).toBe(true);
    const other = { ES256: 'EdDSA', EdDSA: 'ES256', PS256: 'ES256' } as const;
    expect(await holds(text, other[alg])).toBe(false);
  });

  test('with any one character changed it does not', async () => {
    for (let position = 0; position < text.length; position++) {
      // The neighbour in the alphabet changes the lowest bit: in the last character it is the same bytes spelled anew.
      for (const other of [alphabet.charAt(alphabet.indexOf(text.charAt(position)) ^ 1), '.', '=', '+', '\n']) {
        if (other === text.charAt(position)) continue;
        const changed = text.slice(0, position) + other + text.slice(position + 1);
        expect([changed, await holds(changed, alg)]).toEqual([changed, false]);
      }
    }
  });

  test('nor cut anywhere, nor with anything added', async () => {
    for (let length = 0; length < text.length; length++) expect(await holds(text.slice(0, length), alg)).toBe(false);
    for (const more of ['A', 'AA', 'AAAA', '=', '.', '.A', '\n', ' ', '\0']) {
      expect(await holds(text + more, alg)).toBe(false);
    }
    for (const before of ['A', ' ', '.', '\ufeff']) expect(await holds(before + text, alg)).toBe(false);
  });

  test('nor does an empty one, one of zeros, one of another text', async () => {
    const length = text.length - INPUT.length - 1;
    for (const signature of ['', 'A'.repeat(length), '_'.repeat(length)]) {
      expect(await holds(`${INPUT}.${signature}`, alg)).toBe(false);
    }
    expect(await holds(`${encode({ alg: 'any' })}.${encode({ jti: 'two' })}${text.slice(INPUT.length)}`, alg)).toBe(
      false,
    );
  });
});

describe('signatures of another make', () => {
  test('RFC 7518 §3.4: ES256 is R and S, never DER', async () => {
    expect(await holds(signed('ES256', { dsaEncoding: 'der' }), 'ES256')).toBe(false);
  });

  test('the other of the two S values is as good, which is why a jti counts and never the signature', async () => {
    const bytes = Buffer.from(signed('ES256').slice(INPUT.length + 1), 'base64url');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const mirrored = (order - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0');
    const text = Buffer.concat([bytes.subarray(0, 32), Buffer.from(mirrored, 'hex')]).toString('base64url');
    expect(await holds(`${INPUT}.${text}`, 'ES256')).toBe(true);
  });

  test('RFC 7518 §3.5: PS256 has a salt as long as its digest, and is not PKCS#1 v1.5', async () => {
    for (const how of [pss(0), pss(20), pss(48), {}]) expect(await holds(signed('PS256', how), 'PS256')).toBe(false);
  });
});

test('every name of an algorithm that is told is known, and no other', () => {
  expect(ALGORITHM_NAMES.map(algorithmNamed)).toEqual(['ES256', 'PS256', 'EdDSA', 'EdDSA']);
  for (const name of ['none', 'HS256', 'RS256', 'Ed448', 'es256', '', null, undefined, ['ES256'], '__proto__']) {
    expect(algorithmNamed(name)).toBeUndefined();
  }
});

describe('form', () => {
  test('N05: JSON serialisation, encrypted and nested texts are malformed', () => {
    const [header, payload, signature] = signed('ES256').split('.');
    const flattened = JSON.stringify({ protected: header, payload, signature });
    const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    for (const text of [flattened, general, 'a.b.c.d.e', `${INPUT}.${INPUT}`, INPUT, '', '..', 'a..', '.a.']) {
      expect([text, readCompactJws(text).ok]).toEqual([text, false]);
    }
  });

  test.each(['crit', 'b64', 'zip'])('N05: %s in the header is malformed, whatever it holds', (name) => {
    for (const value of [null, false, true, [], ['exp'], 'DEF', 0]) {
      const read = readCompactJws(`${encode({ alg: 'ES256', [name]: value })}.${encode({})}.`);
      expect(read).toEqual({
        ok: false,
        code: 'malformed',
        reason: `its header has ${name}, which is not supported`,
      });
    }
  });

  test('the last of the length is read, one more is not', () => {
    const payload = (filler: number) => `${encode({})}.${encode({ x: 'y'.repeat(filler) })}.`;
    const most = [...Array(JWS_LENGTH_MAX).keys()].findLast((filler) => payload(filler).length <= JWS_LENGTH_MAX) ?? 0;
    expect([payload(most).length <= JWS_LENGTH_MAX, readCompactJws(payload(most)).ok]).toEqual([true, true]);
    expect(readCompactJws(payload(most + 3)).ok).toBe(false);
  });

  test('a name of the prototype is a name like any other', () => {
    const header = Buffer.from('{"alg":"ES256","__proto__":{"kid":"k1","crit":["x"]}}').toString('base64url');
    const read = readCompactJws(`${header}.${encode({})}.`);
    expect(read.ok && [read.jws.header.kid, read.jws.header.crit]).toEqual([undefined, undefined]);
  });

  test('invalid UTF-8 is malformed, not mended', () => {
    const payload = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(readCompactJws(`${encode({})}.${payload.toString('base64url')}.`).ok).toBe(false);
  });

  test('base64url has one spelling for the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ maxLength: 8 }), (bytes, text) => {
        const spelled = Buffer.from(bytes).toString('base64url');
        expect(fromBase64url(spelled)).toEqual(Buffer.from(bytes));
        const read = fromBase64url(text);
        if (read !== null) expect(read.toString('base64url')).toBe(text);
        expect(fromBase64url(`${spelled}=`)).toBeNull();
      }),
    );
  });
});
