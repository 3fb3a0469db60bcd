import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate of its own for `localhost`, `keys.test` and 127.0.0.1, made without any tool; it is its own authority. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('test')))));
  const ecdsaWithSha256 = der(0x30, oid('2a8648ce3d040302'));
  const day = 86_400_000;
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(0x30, time(Date.now() - day), time(Date.now() + day)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(0x30, subjectNames(), isAuthority())),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

const subjectNames = (): Buffer =>
  der(
    0x30,
    oid('551d11'),
    der(
      0x04,
      der(
        0x30,
        der(0x82, Buffer.from('localhost')),
        der(0x82, Buffer.from('keys.test')),
        der(0x87, Buffer.from([127, 0, 0, 1])),
      ),
    ),
  );
const isAuthority = (): Buffer => der(0x30, oid('551d13'), der(0x04, der(0x30, der(0x01, Buffer.from([255])))));
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const time = (milliseconds: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(milliseconds).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
