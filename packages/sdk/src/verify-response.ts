import { isJsonObject, jsonObjectFrom } from '@bastionary/licensing/rules/formats/base64';
import { highWaterMark, refuseByClock } from '@bastionary/licensing/rules/formats/machine-clock';
import { type Refusal, refuse } from '@bastionary/licensing/rules/formats/refusal';
import { type ReceivedHeaders, verifyExchange } from '@bastionary/licensing/rules/formats/response-signature';
import {
  type ClockOptions,
  givenKeySet,
  type KeySet,
  type Refused,
  readClock,
  rfc3339,
  withoutThrowing,
} from './inputs.js';

/** What was received. */
export interface SignedResponse {
  /** `response.headers` of fetch, or of node:http. */
  readonly headers:
    | Iterable<readonly [string, string]>
    | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The exact bytes, or the text they spell in UTF-8; empty for 204. */
  readonly body: string | Uint8Array;
}

/** What was sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: string | URL;
  /** The Host header, if another than the one in the URL was sent. */
  readonly host?: string;
}

export interface ResponseOptions extends ClockOptions {
  readonly keySet: KeySet;
  readonly request: SentRequest;
  /** The nonce that was sent with a validation: an answer to another is refused. Null or absent: none was. */
  readonly nonce?: number | string | null;
}

export interface VerifiedAnswer {
  readonly ok: true;
  /** When it was signed. */
  readonly signedAt: string;
  readonly keyId: string;
  /**
   * To be kept, and passed as `lastSeen` the next time. An answer to a fresh nonce proves what time it is, so it also
   * brings down a mark that a clock once wrong had set too high.
   */
  readonly lastSeen: string;
}

/** Verifies that a response is the issuer's, unchanged, now, and to this very request. Never throws. */
export function verifyResponse(response: SignedResponse, options: ResponseOptions): VerifiedAnswer | Refused {
  const answer = withoutThrowing(() => judge(response, options));
  return 'lastSeen' in answer ? answer : { ...answer, lastSeen: options?.lastSeen ?? null };
}

function judge({ headers, body }: SignedResponse, options: ResponseOptions): VerifiedAnswer | Refusal {
  const clock = readClock(options);
  const { account, keys } = givenKeySet(options.keySet);
  const { method, url, host } = options.request;
  const { host: urlHost, pathname, search } = new URL(url);
  const exchange = { method, target: pathname + search, host: host ?? urlHost, body };
  const verified = verifyExchange(exchange, lowerCased(headers), { account, keys }, clock.now);
  if (!verified.ok) return verified;
  const nonce = options.nonce ?? null;
  if (nonce !== null && nonceIn(body) !== nonce) {
    return refuse('wrong_nonce', 'The nonce in the response is not the one that was sent.');
  }
  const facts = { ...clock, lastSeen: nonce === null ? clock.lastSeen : null, signedAt: [verified.signedAt] };
  const refusal = refuseByClock(facts);
  if (refusal) return refusal;
  const lastSeen = rfc3339(highWaterMark(facts));
  return { ok: true, signedAt: rfc3339(verified.signedAt), keyId: verified.key.kid, lastSeen };
}

function nonceIn(body: string | Uint8Array): unknown {
  const document = jsonObjectFrom(Buffer.from(body as string));
  return isJsonObject(document?.meta) ? document.meta.nonce : undefined;
}

// A header that comes twice says nothing.
function lowerCased(headers: SignedResponse['headers']): ReceivedHeaders {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : undefined]),
  );
}
