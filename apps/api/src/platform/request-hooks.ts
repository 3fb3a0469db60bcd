import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@bastionary/platform/logger';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.js';

const GIVEN_ID = /^[A-Za-z0-9._-]{8,64}$/;

// Unique without asking the kernel for chance at every request: a random start per process, then a count.
const processPart = randomBytes(9).toString('base64url');
let count = 0;

/** The id a proxy has given the request, if it is a harmless one, or a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && GIVEN_ID.test(given) ? given : `req_${processPart}${(count++).toString(36)}`;
}

// Issued and introspected tokens are counted, not logged line by line: at thousands a second the lines would cost more than the work.
const isRoutine = (request: FastifyRequest, status: number): boolean =>
  status < 400 && /^\/(oauth2\/(token|introspect)|health|metrics|assets)/.test(request.url);

/** What every request gets: an id in its answer, headers that keep browsers in bounds, a line in the log, a measurement. */
export function registerRequestHooks(
  fastify: FastifyInstance,
  { logger, metrics, issuer }: { logger: Logger; metrics: Metrics; issuer: string },
): void {
  const isSecure = issuer.startsWith('https:');
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff');
    if (isSecure) reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
    const level = isRoutine(request, reply.statusCode) ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) {
      logger[level](
        {
          request_id: request.id,
          method: request.method,
          route,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 100) / 100,
          address: request.ip,
        },
        'request',
      );
    }
    done();
  });
}
