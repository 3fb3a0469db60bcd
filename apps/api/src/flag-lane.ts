import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { CROSS_ORIGIN } from './modules/flags/serving/cross-origin.js';
import type { FlagDoor, FlagReply } from './modules/flags/serving/flag-door.js';
import { commonHeaders, requestId } from './platform/request-hooks.js';
import type { RequestNotes } from './platform/request-notes.js';

/** What the lane needs of the application, once that is built. */
export interface FlagLaneParts {
  readonly issuer: string;
  readonly door: FlagDoor;
  readonly notes: RequestNotes;
  readonly bodyBytes: number;
}

const BULK = '/ofrep/v1/evaluate/flags';
const JSON_TYPE = /^application\/json *(; *charset=utf-8)?$/i;

/**
 * The short way for evaluations, straight on the server: the same door, without the work of Nest and Fastify around it.
 * What is not a plain POST of JSON takes the ordinary way, and is answered alike (test/flags/ofrep.test.ts).
 */
export class FlagLane {
  private parts: FlagLaneParts | undefined;
  private headers: Record<string, string> = {};

  /** @param addressOf the client's address, as the ordinary way sees it */
  constructor(private readonly addressOf: (request: IncomingMessage) => string) {}

  open(parts: FlagLaneParts): void {
    this.headers = { ...commonHeaders(parts.issuer), ...CROSS_ORIGIN };
    this.parts = parts;
  }

  before(ordinary: RequestListener): RequestListener {
    return (request, response) => {
      if (this.parts === undefined || !this.takes(request, this.parts.bodyBytes)) ordinary(request, response);
      else this.take(this.parts, request, response);
    };
  }

  private takes({ method, url = '', headers }: IncomingMessage, bodyBytes: number): boolean {
    const length = headers['content-length'];
    return (
      method === 'POST' &&
      url.startsWith(BULK) &&
      length !== undefined &&
      Number(length) <= bodyBytes &&
      headers.expect === undefined &&
      headers['content-encoding'] === undefined &&
      JSON_TYPE.test(headers['content-type'] ?? '')
    );
  }

  private take(parts: FlagLaneParts, request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only] = chunks;
      const body = (only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)).toString();
      const { url = '', headers } = request;
      const mark = url.indexOf('?');
      const path = mark < 0 ? url : url.slice(0, mark);
      const query = mark < 0 ? null : new URLSearchParams(url.slice(mark + 1));
      const address = this.addressOf(request);
      const answered = parts.door.answer({ method: 'POST', path, query, headers, body, address });
      const send = (reply: FlagReply) => this.send(parts, request, response, reply, { began, path, address });
      if (answered instanceof Promise) void answered.then(send);
      else send(answered);
    });
  }

  private send(
    { notes }: FlagLaneParts,
    request: IncomingMessage,
    response: ServerResponse,
    { status, headers, text }: FlagReply,
    { began, path, address }: { began: number; path: string; address: string },
  ): void {
    const id = requestId(request);
    const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(text) };
    response.writeHead(status, { 'x-request-id': id, ...this.headers, ...headers, ...length });
    response.end(text);
    const route = path === BULK ? BULK : `${BULK}/:key`;
    notes.finished({ id, method: 'POST', route, status, milliseconds: performance.now() - began, address });
  }
}
