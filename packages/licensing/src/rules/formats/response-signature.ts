import { createHash, type KeyObject } from 'node:crypto';
import { type SignatureAlgorithm, sign, signatureAlgorithmNamed } from './algorithms.js';
import { fromBase64 } from './base64.js';
import { CLOCK_TOLERANCE_MS, spoken } from './machine-clock.js';
import { type Refusal, refuse, shown } from './refusal.js';
import { findSigner, refuseBySigningTime, type TrustedKey } from './trusted-keys.js';

/** What a signature covers (draft-cavage-http-signatures-08), in this order. */
const COVERED = '(request-target) host date digest';

/** A request and the body that answers it; of a webhook, its own body and the method post. */
export interface Exchange {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** The Host header as the client sent it, port included. */
  readonly host: string;
  /** The exact bytes; none for 204. */
  readonly body: Uint8Array | string;
}

/** `sha-256=` and the digest of the body in base64 (RFC 3230 §4.3.2). */
export const bodyDigest = (body: Uint8Array | string): string =>
  `sha-256=${createHash('sha256').update(body).digest('base64')}`;

const signingInput = (exchange: Exchange, date: string, digest: string): Buffer =>
  Buffer.from(
    [
      `(request-target): ${exchange.method.toLowerCase()} ${exchange.target}`,
      `host: ${exchange.host}`,
      `date: ${date}`,
      `digest: ${digest}`,
    ].join('\n'),
  );

export interface ResponseSigning {
  /** The {account} of /v1/accounts/{account}. */
  readonly account: string;
  readonly algorithm: SignatureAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** The headers that sign a response. `date`: as in RFC 9110 §5.6.7, `Mon, 23 Nov 2026 14:00:00 GMT`. */
export function signatureHeaders(exchange: Exchange, date: string, signing: ResponseSigning): Record<string, string> {
  const { account, algorithm, kid, privateKey } = signing;
  const digest = bodyDigest(exchange.body);
  const signature = sign(algorithm, privateKey, signingInput(exchange, date, digest)).toString('base64');
  return {
    Date: date,
    Digest: digest,
    // Proxies rewrite Date.
    'Keygen-Date': date,
    'Keygen-Digest': digest,
    'Keygen-Signature': `keyid="${account}", algorithm="${algorithm}", signature="${signature}", headers="${COVERED}"`,
    'Bastionary-Key-Id': kid,
  };
}

/** The algorithm that `Keygen-Accept-Signature: algorithm="…"` asks for, or null if it asks for none that is known. */
export const acceptedAlgorithm = (header: string | undefined): SignatureAlgorithm | null =>
  signatureAlgorithmNamed(parameters(header ?? '')?.get('algorithm'));

/** Headers by their names in lower case. */
export type ReceivedHeaders = Readonly<Record<string, string | undefined>>;

export interface VerifiedResponse {
  readonly ok: true;
  readonly key: TrustedKey;
  /** When it was signed. Milliseconds since 1970. */
  readonly signedAt: number;
}

/** Verifies that a response answers this very request, whole, and now. `now`: milliseconds since 1970. */
export function verifyExchange(
  exchange: Exchange,
  headers: ReceivedHeaders,
  trusted: { readonly account: string | null; readonly keys: readonly TrustedKey[] },
  now: number,
): VerifiedResponse | Refusal {
  const given = parameters(headers['keygen-signature'] ?? '');
  const signature = fromBase64(given?.get('signature'));
  if (!given || !signature) return refuse('malformed', 'Its header Keygen-Signature is missing or not whole.');
  const algorithm = signatureAlgorithmNamed(given.get('algorithm'));
  if (!algorithm) return refuse('unknown_algorithm', `Its algorithm is ${shown(given.get('algorithm'))}.`);
  if (given.get('headers') !== COVERED) return refuse('malformed', `It does not sign "${COVERED}".`);
  if (trusted.account !== null && given.get('keyid') !== trusted.account) {
    return refuse('wrong_account', `It was signed by ${shown(given.get('keyid'))}.`);
  }
  const digest = bodyDigest(exchange.body);
  const digests = [headers.digest, headers['keygen-digest']].filter((value) => value !== undefined);
  if (digests.length > 0 && !digests.includes(digest)) {
    return refuse('wrong_digest', 'The digest in its headers is not that of the body.');
  }
  const kid = headers['bastionary-key-id'] ?? null;
  // The date that counts is the one that was signed, wherever it stands: a proxy may have rewritten the other.
  const dates = [...new Set([headers.date, headers['keygen-date']])].filter((date) => date !== undefined);
  const answers = dates.map((date) => ({
    date,
    signer: findSigner(trusted.keys, { kid, algorithm, bytes: signingInput(exchange, date, digest), signature }),
  }));
  const signed = answers.find((answer) => answer.signer.ok) ?? answers[0];
  if (!signed) return refuse('malformed', 'It has no date.');
  return signed.signer.ok ? atItsTime(signed.signer.key, signed.date, now) : signed.signer;
}

function atItsTime(key: TrustedKey, date: string, now: number): VerifiedResponse | Refusal {
  const signedAt = Date.parse(date);
  if (Number.isNaN(signedAt)) return refuse('malformed', `Its date is ${shown(date)}.`);
  const faulty = refuseBySigningTime(key, signedAt);
  if (faulty) return faulty;
  const clocks = `It was signed at ${spoken(signedAt)}; the clock here says ${spoken(now)}.`;
  if (now - signedAt > CLOCK_TOLERANCE_MS) return refuse('response_too_old', clocks);
  if (signedAt - now > CLOCK_TOLERANCE_MS) return refuse('clock_behind', clocks);
  return { ok: true, key, signedAt };
}

// name="value" pairs joined by commas; each name once. Null: it is not that.
function parameters(header: string): ReadonlyMap<string, string> | null {
  const pairs = header.split(/,\s*/).map((part) => /^\s*([a-z]+)="([^"]*)"\s*$/.exec(part));
  const found = new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
  return found.size === pairs.length && !found.has('') ? found : null;
}
