import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

/** Why a request to an address of somebody else failed, in words for the one who gave the address. */
export class FetchFault extends Error {}

export interface FetchMeans {
  readonly timeoutMs: number;
  /** Whether a connection to the address is allowed. */
  readonly isReachable: (address: string) => boolean;
  /** The same for `http:`, which anybody on the way can read. Without it only https is spoken. */
  readonly isReachableUnencrypted?: (address: string) => boolean;
  /** The setting that allows more addresses, for the message. */
  readonly allowedBy: string;
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
  /** PEM; besides Node's own and those of NODE_EXTRA_CA_CERTS none is trusted unless given. */
  readonly ca?: string;
}

export interface SafeRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * One request to a URL that others have chosen: straight to an address that was checked, no redirect followed, no
 * connection kept, head and body together bounded in time. `read` takes the answer, whatever its status.
 * @throws FetchFault
 */
export async function safeFetch<Result>(
  url: string,
  sent: SafeRequest,
  means: FetchMeans,
  read: (response: IncomingMessage) => Promise<Result>,
): Promise<Result> {
  const signal = AbortSignal.timeout(means.timeoutMs);
  try {
    const response = await answerOf(checkedUrl(url, means), sent, means, signal);
    try {
      return await read(response);
    } finally {
      response.destroy();
    }
  } catch (error) {
    if (error instanceof FetchFault) throw error;
    if (signal.aborted) throw new FetchFault(`it took longer than ${means.timeoutMs} ms`);
    const code = (error as NodeJS.ErrnoException).code;
    throw new FetchFault(`the connection failed (${code ?? 'unknown reason'})`, { cause: error });
  }
}

function checkedUrl(text: string, means: FetchMeans): URL {
  const url = URL.parse(text);
  const isAllowed = url === null ? undefined : guardOf(url, means);
  if (url === null || isAllowed === undefined) throw new FetchFault('it is not an https URL');
  if (url.username !== '' || url.password !== '') throw new FetchFault('it has a user name in it');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  // An address is connected to without a lookup, so it is checked here.
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw unreachable([literal], url, means);
  return url;
}

function guardOf(url: URL, { isReachable, isReachableUnencrypted }: FetchMeans) {
  if (url.protocol === 'https:') return isReachable;
  return url.protocol === 'http:' ? isReachableUnencrypted : undefined;
}

function answerOf(url: URL, sent: SafeRequest, means: FetchMeans, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? overHttps : overHttp;
    const outgoing = request(url, {
      method: sent.method,
      signal,
      lookup: pinned(url, means),
      // No connection is kept, and no proxy from the environment resolves the name for us.
      agent: false,
      headers: {
        ...sent.headers,
        'accept-encoding': 'identity',
        ...(sent.body !== undefined && { 'content-length': String(Buffer.byteLength(sent.body)) }),
      },
      ...(means.ca === undefined ? {} : { ca: means.ca }),
    });
    outgoing.once('response', resolve).on('error', reject).end(sent.body);
  });
}

/** The addresses that were checked are the ones connected to: a name that answers differently a moment later gains nothing. */
function pinned(url: URL, means: FetchMeans): LookupFunction {
  const isAllowed = guardOf(url, means) ?? (() => false);
  const resolve = means.resolve ?? ((hostname: string) => lookup(hostname, { all: true }));
  return (hostname, options, done) => {
    resolve(hostname).then(
      (addresses) => {
        const [first, ...others] = addresses.filter(({ address }) => isAllowed(address));
        if (first === undefined) {
          done(
            unreachable(
              addresses.map(({ address }) => address),
              url,
              means,
            ),
            '',
          );
        } else if (options.all) done(null, [first, ...others]);
        else done(null, first.address, first.family);
      },
      (error) => done(error, ''),
    );
  };
}

function unreachable(addresses: readonly string[], { protocol }: URL, { allowedBy }: FetchMeans): FetchFault {
  const what = protocol === 'https:' ? 'is not a public address' : 'takes https';
  return new FetchFault(`${addresses.slice(0, 4).join(', ')} ${what}; ${allowedBy} can allow it`);
}
