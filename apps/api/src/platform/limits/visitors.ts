import type { FastifyInstance } from 'fastify';
import { isEventPath, isFlagPath, isOAuthPath } from '../body-parsers.js';
import type { RequestLimits } from './request-limits.js';

/** Whoever watches over the process must not be told to come back later. */
const UNLIMITED = /^\/(health|metrics)(\/|$)/;

/**
 * The limit per address for all that does not come past the doorman of the OAuth2 endpoints or the door of flags, which have
 * their own. What a
 * request is goes by the route that was found for it, not by how its address is written.
 */
export function limitVisitors(fastify: FastifyInstance, requests: RequestLimits): void {
  fastify.addHook('onRequest', async (request) => {
    const route = request.routeOptions.url ?? '';
    if (UNLIMITED.test(route) || isOAuthPath(route) || isFlagPath(route) || requests.admitted.has(request.raw)) return;
    await requests.admitVisitor(request.ip, request.method === 'POST' && isEventPath(route));
  });
}
