import type { LookupAddress } from 'node:dns';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type ClientKey, usableKeys } from '@bastionary/oauth/rules/jwk-set';

/** Why keys could not be fetched, in words for the client's owner. */
export class FetchFault extends Error {}

export interface FetchSettings {
  readonly isReachable: (address: string) => boolean;
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
  readonly timeoutMs: number;
  readonly limitBytes: number;
  /** PEM; besides Node's own and those of NODE_EXTRA_CA_CERTS none is trusted unless given. */
  readonly ca: string | undefined;
}

export interface FetchedKeys {
  readonly keys: readonly ClientKey[];
  /** As `Cache-Control: max-age` says; null if it says nothing. */
  readonly maxAgeSeconds: number | null;
}

/**
 * Fetches a client's JWK Set: https, straight to a reachable address, one answer, no redirect, bounded in size and time.
 * @throws FetchFault
 */
export async function fetchJwkSet(uri: string, settings: FetchSettings): Promise<FetchedKeys> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  try {
    const response = await answerOf(checkedUrl(uri, settings), settings, signal);
    const keys = usableKeys(await jsonOf(response, settings.limitBytes));
    if (keys === null) throw new FetchFault('it is no JWK Set');
    return { keys, maxAgeSeconds: maxAgeOf(response.headers['cache-control']) };
  } catch (error) {
    if (error instanceof FetchFault) throw error;
    if (signal.aborted) throw new FetchFault(`it took longer than ${settings.timeoutMs} ms`);
    const code = (error as NodeJS.ErrnoException).code;
    throw new FetchFault(`the connection failed (${code ?? 'unknown reason'})`, { cause: error });
  }
}

function checkedUrl(uri: string, { isReachable }: FetchSettings): URL {
  const url = URL.parse(uri);
  if (url?.protocol !== 'https:') throw new FetchFault('it is not an https URL');
  if (url.username !== '' || url.password !== '') throw new FetchFault('it has a user name in it');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  // An address is connected to without a lookup, so it is checked here.
  if (isIP(literal) !== 0 && !isReachable(literal)) throw unreachable([literal]);
  return url;
}

function answerOf(url: URL, settings: FetchSettings, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      signal,
      lookup: pinned(settings),
      // No connection is kept, and no proxy from the environment resolves the name for us.
      agent: false,
      headers: { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' },
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    });
    outgoing.once('response', resolve).once('error', reject).end();
  });
}

/** The addresses that were checked are the ones connected to: a name that answers differently a moment later gains nothing. */
function pinned({ resolve, isReachable }: FetchSettings): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname).then(
      (addresses) => {
        const [first, ...others] = addresses.filter(({ address }) => isReachable(address));
        if (first === undefined) done(unreachable(addresses.map(({ address }) => address)), '');
        else if (options.all) done(null, [first, ...others]);
        else done(null, first.address, first.family);
      },
      (error) => done(error, ''),
    );
  };
}

const unreachable = (addresses: readonly string[]): FetchFault =>
  new FetchFault(`${addresses.slice(0, 4).join(', ')} is not a public address; JWKS_URI_ALLOW_PRIVATE can allow it`);

async function jsonOf(response: IncomingMessage, limitBytes: number): Promise<unknown> {
  try {
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
  } finally {
    response.destroy();
  }
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
