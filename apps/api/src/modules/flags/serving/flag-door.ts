import { hash } from 'node:crypto';
import type { Context } from '@bastionary/flags/rules/model';
import { publishedDocument } from '@bastionary/flags/rules/published-document';
import { isDeeperThan, trustedContext } from '@bastionary/flags/rules/trusted-context';
import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable } from '@nestjs/common';
import { RequestLimits } from '../../../platform/limits/request-limits.js';
import { CONFIG, type Config, LOGGER, type Logger } from '../../../platform/providers.js';
import { type FlagCaller, FlagCallers, type Stranger } from './flag-callers.js';
import { FlagDocuments } from './flag-documents.js';
import { FlagStreams } from './flag-streams.js';
import { FlagUses } from './flag-uses.js';
import type { ServedEnvironment } from './served-environment.js';

/** A request for flags, as far as the door looks at it. */
export interface FlagRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams | null;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
  readonly address: string;
}

export interface FlagReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' } as const;
const BULK = '/ofrep/v1/evaluate/flags';
const ONE = `${BULK}/`;
const DEFINITIONS = '/flags/v1/flagd.json';
const NOTHING: FlagReply = { status: 404, headers: {}, text: '' };

/**
 * Everything that applications ask for flags, from the request to the bytes of the answer: OFREP 0.3.0 and the flagd document.
 * Where memory knows all, no promise is made.
 */
@Injectable()
export class FlagDoor {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly requests: RequestLimits,
    private readonly callers: FlagCallers,
    private readonly documents: FlagDocuments,
    private readonly streams: FlagStreams,
    private readonly uses: FlagUses,
  ) {}

  /** Never throws. */
  answer(request: FlagRequest): FlagReply | Promise<FlagReply> {
    try {
      const answered = this.admitted(request);
      return answered instanceof Promise ? answered.catch((error) => this.failed(error, request)) : answered;
    } catch (error) {
      return this.failed(error, request);
    }
  }

  private admitted(request: FlagRequest): FlagReply | Promise<FlagReply> {
    const address = this.requests.admitFlagAddress(request.address);
    if (address instanceof Promise) return address.then(() => this.recognised(request));
    return this.recognised(request);
  }

  private recognised(request: FlagRequest): FlagReply | Promise<FlagReply> {
    const { authorization, 'x-api-key': apiKey } = request.headers;
    const caller = this.callers.recognise(textOf(authorization), textOf(apiKey));
    return caller instanceof Promise
      ? caller.then((known) => this.limited(request, known))
      : this.limited(request, caller);
  }

  private limited(request: FlagRequest, caller: FlagCaller | Stranger): FlagReply | Promise<FlagReply> {
    if (typeof caller === 'string') return stranger(caller);
    const origin = textOf(request.headers.origin);
    if (caller.origins !== null && origin !== undefined && !isAllowed(caller.origins, origin))
      return stranger('forbidden');
    const admitted = this.requests.admitFlagCaller(caller.name);
    return admitted instanceof Promise
      ? admitted.then(() => this.placed(request, caller))
      : this.placed(request, caller);
  }

  private placed(request: FlagRequest, caller: FlagCaller): FlagReply | Promise<FlagReply> {
    const served = this.documents.served(caller.environment);
    return served instanceof Promise
      ? served.then((found) => this.routed(request, caller, found))
      : this.routed(request, caller, served);
  }

  private routed(request: FlagRequest, caller: FlagCaller, served: ServedEnvironment | undefined): FlagReply {
    const { method, path } = request;
    if (served === undefined) {
      const told = `There is no environment ${caller.environment}. Give the client one that there is.`;
      return failure(404, undefined, 'GENERAL', told);
    }
    if (path === DEFINITIONS && (method === 'GET' || method === 'HEAD'))
      return this.definitions(request, caller, served);
    if (method !== 'POST') return NOTHING;
    if (path === BULK) return this.bulk(request, caller, served);
    return path.startsWith(ONE) ? this.one(request, decode(path.slice(ONE.length)), caller, served) : NOTHING;
  }

  private one({ body }: FlagRequest, key: string, caller: FlagCaller, served: ServedEnvironment): FlagReply {
    const read = this.contextOf(body, caller, key);
    if ('status' in read) return read;
    const now = Date.now();
    const answer = served.one(key, read.context, caller.isPublic, now);
    if (answer === undefined) {
      if (served.archived.has(key)) this.uses.add(caller.environment, caller.client, [{ use: `${key} ` }], now);
      const told = `There is no flag ${key} in ${caller.environment}.`;
      return failure(404, key, 'FLAG_NOT_FOUND', told);
    }
    this.uses.add(caller.environment, caller.client, [answer], now);
    return { status: 200, headers: JSON_TYPE, text: answer.text };
  }

  private bulk({ body, query, headers }: FlagRequest, caller: FlagCaller, served: ServedEnvironment): FlagReply {
    const now = Date.now();
    const etag = etagOf(caller, served, body, now);
    // Whoever was told that something changed must not be told that nothing did (protocol issue 84).
    const isRefetch = query?.has('flagConfigEtag') ?? false;
    // The body that had this tag was answered before, so it is well-formed.
    if (!isRefetch && headers['if-none-match'] === etag)
      return { status: 304, headers: { etag, 'cache-control': 'no-store' }, text: '' };
    const read = this.contextOf(body, caller, undefined);
    if ('status' in read) return read;
    const answers = served.all(read.context, caller.isPublic, now);
    this.uses.add(caller.environment, caller.client, answers, now);
    let flags = '';
    for (const { text } of answers) flags += flags === '' ? text : `,${text}`;
    const rest = `"metadata":{"environment":"${caller.environment}","revision":"${served.model.revision}"},"eventStreams":${this.streams.offer(caller, now)}`;
    return { status: 200, headers: { ...JSON_TYPE, etag }, text: `{"flags":[${flags}],${rest}}` };
  }

  private definitions({ headers }: FlagRequest, caller: FlagCaller, served: ServedEnvironment): FlagReply {
    // Rules are nobody's who only has a public key.
    if (caller.isPublic) return stranger('forbidden');
    const etag = `"${hash('sha256', `${served.model.revision} ${caller.platformText}`, 'base64url').slice(0, 27)}"`;
    if (headers['if-none-match'] === etag)
      return { status: 304, headers: { etag, 'cache-control': 'no-cache' }, text: '' };
    const { document } = publishedDocument(served.model, caller.platform);
    return {
      status: 200,
      headers: { ...JSON_TYPE, 'cache-control': 'no-cache', etag },
      text: JSON.stringify(document),
    };
  }

  private contextOf(body: string, caller: FlagCaller, key: string | undefined): { context: Context } | FlagReply {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      return failure(400, key, 'PARSE_ERROR', 'The body is not JSON. Send {"context": {…}}.');
    }
    const sent = (parsed as { context?: unknown } | null)?.context;
    if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
      return failure(
        400,
        key,
        'INVALID_CONTEXT',
        'context must be an object, for example {"targetingKey": "user-123"}.',
      );
    const levels = this.config.FLAG_CONTEXT_DEPTH;
    if (isDeeperThan(sent, levels))
      return failure(400, key, 'INVALID_CONTEXT', `context is nested deeper than ${levels} levels.`);
    const { targetingKey } = sent as { targetingKey?: unknown };
    if (targetingKey !== undefined && targetingKey !== null && typeof targetingKey !== 'string')
      return failure(400, key, 'INVALID_CONTEXT', 'targetingKey must be text.');
    return trustedContext(sent as Context, caller.platform);
  }

  private failed(error: unknown, { path }: FlagRequest): FlagReply {
    if (error instanceof AppError && error.code === 'too_many_requests')
      return failure(429, undefined, 'GENERAL', error.message, {
        ...error.headers,
        'retry-after': String(error.retryAfterSeconds ?? 1),
      });
    const isAway = error instanceof AppError && error.code === 'unavailable';
    this.logger[isAway ? 'warn' : 'error']({ err: error, path }, 'flags not answered');
    const status = isAway ? 503 : 500;
    const told = isAway ? 'Who asks cannot be told at the moment; try again.' : 'Something failed on our side.';
    return {
      status,
      headers: { ...JSON_TYPE, ...(isAway && { 'retry-after': '1' }) },
      text: JSON.stringify({ errorDetails: told }),
    };
  }
}

const textOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const isAllowed = (origins: readonly string[], origin: string): boolean =>
  origins.includes('*') || origins.includes(origin);

/** Covers all that the answer comes of: revision, what was sent, what the server says of the caller, and time. */
const etagOf = (caller: FlagCaller, served: ServedEnvironment, body: string, now: number): string =>
  `"${hash('sha256', `${served.model.revision} ${served.crossed(now)} ${caller.isPublic} ${caller.platformText} ${body}`, 'base64url').slice(0, 27)}"`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function failure(
  status: number,
  key: string | undefined,
  errorCode: string,
  errorDetails: string,
  headers: Readonly<Record<string, string>> = {},
): FlagReply {
  const text = JSON.stringify({ ...(key !== undefined && { key }), errorCode, errorDetails });
  return { status, headers: { ...JSON_TYPE, ...headers }, text };
}

/** OFREP §2.1: 401 and 403 have no body. */
const stranger = (why: Stranger): FlagReply =>
  why === 'forbidden'
    ? { status: 403, headers: { 'cache-control': 'no-store' }, text: '' }
    : {
        status: 401,
        headers: { 'cache-control': 'no-store', 'www-authenticate': 'Bearer realm="bastionary"' },
        text: '',
      };
