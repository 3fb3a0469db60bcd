import type { KeyObject } from 'node:crypto';
import { sign } from './algorithms.js';
import { fromBase64url, type JsonObject, jsonObjectFrom } from './base64.js';
import { type Refusal, refuse, shown } from './refusal.js';

/** What a compact JWS of ours holds: its `typ` (RFC 7515 §4.1.9), so that one is never taken for another. */
export type ListType = 'license-keys' | 'license-revocations';

const NAMES: Readonly<Record<ListType, string>> = {
  'license-keys': 'key set',
  'license-revocations': 'revocation list',
};
const ALG = 'EdDSA';
const HEADER = ['alg', 'kid', 'typ'];
const LENGTH_MAX = 16_777_216;

/** A list as a compact JWS, always of Ed25519 (RFC 8037 §3.1). */
export function signList(
  typ: ListType,
  payload: object,
  signing: { readonly kid: string; readonly privateKey: KeyObject },
): string {
  const input = `${encode({ alg: ALG, typ, kid: signing.kid })}.${encode(payload)}`;
  return `${input}.${sign('ed25519', signing.privateKey, Buffer.from(input)).toString('base64url')}`;
}

/** A list, read and not yet verified. */
export interface ReadList {
  readonly ok: true;
  readonly kid: string;
  readonly payload: JsonObject;
  /** What is signed. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads a compact JWS of that type. Nothing in it is true until its signature is verified. */
export function readList(typ: ListType, text: string): ReadList | Refusal {
  const [first, second, third, ...more] = text.length > LENGTH_MAX ? [] : text.split('.');
  const header = jsonObjectFrom(fromBase64url(first));
  const signature = fromBase64url(third);
  if (!header || !signature || more.length > 0)
    return refuse('malformed', `It is not a ${NAMES[typ]} in compact form.`);
  if (header.alg !== ALG) return refuse('unknown_algorithm', `Its algorithm is ${shown(header.alg)} and not ${ALG}.`);
  if (header.typ !== typ) return refuse('wrong_type', `It is of the type ${shown(header.typ)} and not ${typ}.`);
  const extra = Object.keys(header).find((name) => !HEADER.includes(name));
  const payload = jsonObjectFrom(fromBase64url(second));
  if (extra !== undefined || typeof header.kid !== 'string' || !payload) {
    return refuse('malformed', `The header or the payload of the ${NAMES[typ]} is not what it should be.`);
  }
  return { ok: true, kid: header.kid, payload, bytes: Buffer.from(`${first}.${second}`), signature };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
