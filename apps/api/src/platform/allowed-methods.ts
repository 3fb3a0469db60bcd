import type { FastifyInstance } from 'fastify';

const routes: { pattern: RegExp; method: string }[] = [];

/** Remembers every route, so that a wrong method is told from a wrong address (RFC 9110 §15.5.6). */
export function rememberRoutes(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`);
    for (const one of [method].flat()) routes.push({ pattern, method: one });
  });
}

/** The methods the request's address knows; empty if it knows none. */
export function allowedMethods(request: { url: string }): string[] {
  const path = request.url.split('?', 1)[0] ?? '';
  return [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
}
