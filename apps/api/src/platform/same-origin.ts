import { AppError } from '@bastionary/platform/app-error';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses a request that another site made the browser send. Browsers say where a request comes from in
 * Sec-Fetch-Site, older ones in Origin; one that says neither is no browser, and has no business with a cookie.
 * @throws AppError cross_site_request
 */
export function checkSameOrigin(request: FastifyRequest, issuer: string): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own =
    site === undefined ? origin === new URL(issuer).origin || isOwnHost(request, origin) : site === 'same-origin';
  if (!own) throw new AppError('cross_site_request', 'A console session only takes changes from the console itself.');
}

const isOwnHost = (request: FastifyRequest, origin: string | undefined): boolean =>
  origin !== undefined && URL.canParse(origin) && new URL(origin).host === request.headers.host;
