import { constants, createPublicKey, sign as cryptoSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KEY_FOR, SIGNATURE_ALGORITHMS, sign, signatureAlgorithmNamed, verify } from './algorithms.js';
import { fromBase64, fromBase64url, fromPaddedBase64url, toPaddedBase64url } from './base64.js';
import { formatRandomKey } from './random-key.js';
import { publicJwk, trustedKeys } from './trusted-keys.js';

const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  'ecdsa-p256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'rsa-2048': generateKeyPairSync('rsa', { modulusLength: 2_048 }),
};
const strange = [
  generateKeyPairSync('ed448'),
  generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  generateKeyPairSync('rsa', { modulusLength: 1_024 }),
];
const bytes = Buffer.from('license/eyJ9');

describe.each(SIGNATURE_ALGORITHMS)('%s', (algorithm) => {
  const { privateKey, publicKey } = pairs[KEY_FOR[algorithm]];
  const signature = sign(algorithm, privateKey, bytes);

  test('holds for its key, its bytes and itself only', () => {
    expect(verify(algorithm, publicKey, bytes, signature)).toBe(true);
    expect(verify(algorithm, publicKey, Buffer.from('machine/eyJ9'), signature)).toBe(false);
    for (const other of SIGNATURE_ALGORITHMS) {
      for (const pair of Object.values(pairs)) {
        const holds = other === algorithm && pair.publicKey === publicKey;
        expect([other, verify(other, pair.publicKey, bytes, signature)]).toEqual([other, holds]);
      }
    }
  });

  test('neither empty, cut, longer nor with a bit flipped', () => {
    const longer = Buffer.concat([signature, Buffer.alloc(1)]);
    for (const wrong of [Buffer.alloc(0), Buffer.alloc(signature.length), signature.subarray(1), longer]) {
      expect(verify(algorithm, publicKey, bytes, wrong)).toBe(false);
    }
    for (let at = 0; at < signature.length; at++) {
      const flipped = Buffer.from(signature);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      expect([at, verify(algorithm, publicKey, bytes, flipped)]).toEqual([at, false]);
    }
  });

  test('a key of another kind signs nothing', () => {
    for (const pair of [...Object.values(pairs), ...strange].filter((one) => one.publicKey !== publicKey)) {
      expect(() => sign(algorithm, pair.privateKey, bytes)).toThrow(`${algorithm} needs a key of`);
      expect(verify(algorithm, pair.publicKey, bytes, signature)).toBe(false);
    }
  });
});

test('ECDSA is ASN.1 DER, and RSA-PSS has the longest salt', () => {
  const { privateKey, publicKey } = pairs['ecdsa-p256'];
  expect(sign('ecdsa-p256', privateKey, bytes)[0]).toBe(0x30);
  const raw = cryptoSign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  expect(verify('ecdsa-p256', publicKey, bytes, raw)).toBe(false);
  const rsa = pairs['rsa-2048'];
  const short = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  // Other issuers sign with other salts; they are as good.
  expect(verify('rsa-pss-sha256', rsa.publicKey, bytes, cryptoSign('sha256', bytes, short))).toBe(true);
});

test('an algorithm is known by its exact name only', () => {
  for (const name of ['none', 'ED25519', 'ed25519 ', 'hs256', '', null, undefined, ['ed25519'], '__proto__']) {
    expect(signatureAlgorithmNamed(name)).toBeNull();
  }
});

test('base64 has one spelling for the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string({ maxLength: 12 }), (data, text) => {
      const spelled = Buffer.from(data).toString('base64');
      expect(fromBase64(spelled)).toEqual(Buffer.from(data));
      expect(fromPaddedBase64url(toPaddedBase64url(data))).toEqual(Buffer.from(data));
      for (const read of [fromBase64, fromPaddedBase64url, fromBase64url]) {
        expect([spelled, read(`${spelled}\n`), read(` ${spelled}`)]).toEqual([spelled, null, null]);
      }
      const bytesOfText = fromBase64(text);
      if (bytesOfText !== null) expect(bytesOfText.toString('base64')).toBe(text);
    }),
  );
});

test('a random key is 30 digits in blocks of six, and V3', () => {
  expect(formatRandomKey(Buffer.from('9e32ddd8cc22771926c2d834c506dc', 'hex'))).toBe(
    '9E32DD-D8CC22-771926-C2D834-C506DC-V3',
  );
  expect(() => formatRandomKey(Buffer.alloc(16))).toThrow(RangeError);
});

describe('keys', () => {
  test('RFC 8037 appendix A.3: the kid is the thumbprint', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(publicJwk(key)).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      x,
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      alg: 'EdDSA',
      use: 'sig',
    });
  });

  test('the public half only is told, of keys of ours only', () => {
    for (const { privateKey, publicKey } of Object.values(pairs)) {
      expect(publicJwk(privateKey)).toEqual(publicJwk(publicKey));
      expect(publicJwk(privateKey)).not.toHaveProperty('d');
    }
    for (const { publicKey } of strange) expect(() => publicJwk(publicKey)).toThrow(TypeError);
  });

  test('what is not known in a key set is passed over', () => {
    const known = publicJwk(pairs.ed25519.publicKey);
    const unknown = strange.map(({ publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid: 'strange' }));
    const { kid, ...nameless } = known;
    const keys = trustedKeys([...unknown, nameless, { kty: 'oct', k: 'AAAA', kid: 'secret' }, null, 'x', known]);
    expect(keys.map((key) => key.kid)).toEqual([kid]);
  });

  test('a compromised key without a date has been so for ever', () => {
    const [key] = trustedKeys([{ ...publicJwk(pairs.ed25519.publicKey), state: 'compromised' }]);
    expect(key?.compromisedFrom).toBe(Number.NEGATIVE_INFINITY);
  });
});
