import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { surround } from './request-customer.js';
import type { RequestNotes } from './request-notes.js';

const GIVEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

// Unique without asking the kernel for chance at every request: a random start per process, then a count.
const processPart = randomBytes(9).toString('base64url');
let count = 0;

/** The id a proxy has given the request, if it is a harmless one, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && GIVEN_ID.test(given) ? given : `req_${processPart}${(count++).toString(36)}`;
}

/** Headers of every answer, which keep browsers in bounds. */
export const commonHeaders = (issuer: string): Record<string, string> => ({
  'x-content-type-options': 'nosniff',
  ...(issuer.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
});

/** What every request gets: its id and the common headers in its answer, surroundings, and a note when it is finished. */
export function registerRequestHooks(fastify: FastifyInstance, notes: RequestNotes, issuer: string): void {
  const common = commonHeaders(issuer);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).headers(common);
    done();
  });
  // The last hook before the handler: what reads a body would lose the surroundings.
  fastify.addHook('preHandler', (_request, _reply, done) => surround(done));
  fastify.addHook('onResponse', (request, reply, done) => {
    notes.finished({
      id: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: reply.elapsedTime,
      address: request.ip,
    });
    done();
  });
}
