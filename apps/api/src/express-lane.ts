import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { parseForm } from '@bastionary/oauth/rules/form';
import proxyAddress from '@fastify/proxy-addr';
import type { AuthenticateClient } from './modules/auth/authenticate-client.js';
import { type Exchange, proofOf } from './modules/auth/exchange.js';
import { FORM_LIMIT_BYTES } from './platform/body-parsers.js';
import type { ErrorFilter } from './platform/error.filter.js';
import { OAUTH_HEADERS } from './platform/oauth-answer.js';
import { commonHeaders, requestId } from './platform/request-hooks.js';
import type { RequestNotes } from './platform/request-notes.js';

/** One of the endpoints of the lane: what it answers to a client that has proven itself. */
export interface LaneEndpoint {
  answer(exchange: Exchange): Promise<unknown>;
}

/** What the lane needs of the application, once that is built. */
export interface LaneParts {
  readonly issuer: string;
  readonly endpoints: ReadonlyMap<string, LaneEndpoint>;
  readonly doorman: AuthenticateClient;
  readonly errors: ErrorFilter;
  readonly notes: RequestNotes;
}

const SERVER = {
  // Node keeps the first of two Authorization headers and drops the other without a word: joined, they match nothing.
  joinDuplicateHeaders: true,
  // How often Node looks for requests that take too long to arrive; its own default is 30 s.
  connectionsCheckingInterval: 1_000,
} as const;
const FORM = /^application\/x-www-form-urlencoded *(; *charset=utf-8)?$/i;

/**
 * The short way for the two requests that machines make thousands of times a second, straight on the server: the same
 * doorman, the same endpoint, the same errors, without the work of Nest, passport and Fastify around them, which was
 * more than half of such a request (figures: infra/README.md). It takes plain requests only; whatever differs in the
 * least goes the ordinary way, and is answered alike (test/oauth/express-lane.test.ts).
 */
export class ExpressLane {
  private parts: LaneParts | undefined;
  private headers: Record<string, string> = {};
  private isDraining = false;
  readonly addressOf: (request: IncomingMessage) => string = (request) => request.socket.remoteAddress ?? '';

  /** @param trustedProxies CIDRs or names, as Fastify takes them: both ways must see the same address */
  constructor(trustedProxies: readonly string[] | undefined) {
    if (trustedProxies !== undefined) {
      const trust = proxyAddress.compile([...trustedProxies]);
      this.addressOf = (request) => proxyAddress(request, trust);
    }
  }

  open(parts: LaneParts): void {
    this.headers = { ...commonHeaders(parts.issuer), ...OAUTH_HEADERS };
    this.parts = parts;
  }

  readonly serverFactory = (ordinary: RequestListener, options: ServerOptions): Server =>
    createServer({ ...options, ...SERVER }, (request, response) => {
      if (this.isDraining) response.setHeader('connection', 'close');
      const endpoint = this.takes(request) ? this.parts?.endpoints.get(request.url ?? '') : undefined;
      if (endpoint === undefined || this.parts === undefined) ordinary(request, response);
      else this.take(endpoint, this.parts, request, response);
    });

  /** From now on a connection ends with its answer: a busy client would keep a stopping process from its end. */
  drain(server: Server): void {
    this.isDraining = true;
    // Those whose request had come before this moment end as soon as they are idle.
    server.keepAliveTimeout = 1;
  }

  private takes({ method, headers }: IncomingMessage): boolean {
    const length = headers['content-length'];
    return (
      method === 'POST' &&
      length !== undefined &&
      Number(length) <= FORM_LIMIT_BYTES &&
      headers.expect === undefined &&
      headers['content-encoding'] === undefined &&
      FORM.test(headers['content-type'] ?? '')
    );
  }

  private take(endpoint: LaneEndpoint, parts: LaneParts, request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    // The length was declared and is bounded, so what comes is.
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.serve(endpoint, parts, request, response, Buffer.concat(chunks)).catch(() => response.destroy());
    });
  }

  private async serve(
    endpoint: LaneEndpoint,
    parts: LaneParts,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ) {
    const began = performance.now();
    const id = requestId(request);
    const route = request.url ?? '';
    const address = this.addressOf(request);
    let status = 200;
    let headers: Record<string, string> = {};
    let answer: unknown;
    try {
      const form = parseForm(body);
      const authenticated = await parts.doorman.authenticate(request.headers.authorization, form, address);
      answer = await endpoint.answer({
        ...authenticated,
        form,
        address,
        requestId: id,
        proof: proofOf(request),
        headers,
      });
    } catch (error) {
      ({
        status,
        headers,
        body: answer,
      } = parts.errors.oauthAnswer(error, { id, method: 'POST', url: route, ip: address }));
    }
    const text = JSON.stringify(answer);
    response.writeHead(status, {
      ...this.headers,
      ...headers,
      'x-request-id': id,
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
    parts.notes.finished({ id, method: 'POST', route, status, milliseconds: performance.now() - began, address });
  }
}
