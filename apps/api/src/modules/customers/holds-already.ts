import type { FastifyRequest } from 'fastify';

/** Whether the caller has this representation already (RFC 9110 §13.1.2: a list of ETags, compared weakly, or `*`). */
export function holdsAlready(request: FastifyRequest, etag: string): boolean {
  const given = request.headers['if-none-match'];
  if (given === undefined) return false;
  const tags: readonly string[] = given.match(/"[^"]*"/g) ?? [];
  return given.trim() === '*' || tags.includes(etag);
}
