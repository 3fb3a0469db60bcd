import type { IncomingMessage } from 'node:http';
import { type ClientKey, usableKeys } from '@bastionary/oauth/rules/jwk-set';
import { FetchFault, type FetchMeans, safeFetch } from '@bastionary/platform/safe-fetch';

export interface FetchSettings extends FetchMeans {
  readonly limitBytes: number;
}

export interface FetchedKeys {
  readonly keys: readonly ClientKey[];
  /** As `Cache-Control: max-age` says; null if it says nothing. */
  readonly maxAgeSeconds: number | null;
}

/**
 * Fetches a client's JWK Set: https, one answer, bounded in size and time.
 * @throws FetchFault
 */
export function fetchJwkSet(uri: string, settings: FetchSettings): Promise<FetchedKeys> {
  const headers = { accept: 'application/jwk-set+json, application/json' };
  return safeFetch(uri, { method: 'GET', headers }, settings, async (response) => {
    const keys = usableKeys(await jsonOf(response, settings.limitBytes));
    if (keys === null) throw new FetchFault('it is no JWK Set');
    return { keys, maxAgeSeconds: maxAgeOf(response.headers['cache-control']) };
  });
}

async function jsonOf(response: IncomingMessage, limitBytes: number): Promise<unknown> {
  checkHead(response);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new FetchFault(`it is larger than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new FetchFault('the answer broke off');
  return parse(Buffer.concat(chunks));
}

function checkHead({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode >= 300 && statusCode < 400) throw new FetchFault('it redirects, and redirects are not followed');
  if (statusCode !== 200) throw new FetchFault(`it answers ${statusCode}`);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!/^application\/(json|[a-z0-9.-]+\+json)$/.test(type)) throw new FetchFault('its content type is not JSON');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new FetchFault('its content is compressed');
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new FetchFault('it is not JSON');
  }
}

function maxAgeOf(cacheControl: string | undefined): number | null {
  if (cacheControl === undefined) return null;
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /\bmax-age="?(\d{1,9})\b/i.exec(cacheControl)?.[1];
  return seconds === undefined ? null : Number(seconds);
}
