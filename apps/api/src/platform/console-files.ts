import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

// Addresses of machines: a wrong one there is an error, not a page.
const NOT_PAGES = /^\/(api|oauth2|health|metrics|docs|openapi\.json|\.well-known|assets)(\/|$)/;

/** Serves the built console: its files, and its one page at every other address that a browser asks for. */
export async function serveConsole(fastify: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) return;
  await fastify.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    setHeaders: (reply, path) => {
      // Names of assets carry a hash of their content; the page itself must always be asked for.
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  fastify.get('/', (_request, reply) => sendPage(reply));
  fastify.get('/*', (request, reply) => {
    const isPage = !NOT_PAGES.test(request.url) && request.headers.accept?.includes('text/html');
    return isPage ? sendPage(reply) : reply.callNotFound();
  });
}

function sendPage(reply: FastifyReply) {
  return reply
    .header('content-security-policy', CSP)
    .header('referrer-policy', 'no-referrer')
    .header('cross-origin-opener-policy', 'same-origin')
    .header('x-frame-options', 'DENY')
    .sendFile('index.html');
}
