import { exactly } from '@bastionary/billing/rules/metering/exact-numbers';
import { AppError } from '@bastionary/platform/app-error';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isMachinePath, JSON_API } from './machine-answer.js';
import type { Config } from './providers.js';
import { hasRepeatedName } from './repeated-names.js';

/** Paths whose bodies are forms and whose errors are those of RFC 6749 §5.2. */
export const isOAuthPath = (url: string): boolean => url.startsWith('/oauth2/');

/** Where flags are evaluated: the door reads bodies itself. */
export const isFlagPath = (url: string): boolean => url.startsWith('/ofrep/') || url.startsWith('/flags/v1/');

/** A form larger than this is none that a client has reason to send. */
export const FORM_LIMIT_BYTES = 16_384;

/** Where usage events are sent: the two that take CloudEvents, and more requests and larger bodies than others. */
const EVENT_PATHS = new Set(['/api/usage/events', '/api/v1/events']);
export const isEventPath = (route: string | undefined): boolean => route !== undefined && EVENT_PATHS.has(route);

type Done = (error: Error | null, value?: unknown) => void;

/** The one path that takes text/csv, and larger bodies than the others. */
const BULK_PATH = '/api/bulk/clients';
const BULK_BYTES_PER_ROW = 4_096;
/** Handed on as it came: what Stripe signs are these bytes. */
const STRIPE_PATH = '/webhooks/stripe';

type Limits = Pick<Config, 'BODY_LIMIT_BYTES' | 'BULK_ROWS_MAX' | 'FLAG_CONTEXT_BYTES' | 'USAGE_BODY_LIMIT_BYTES'>;

/**
 * Body types, each on its own surface: forms at /oauth2 (handed on as bytes, read strictly by the oauth room),
 * JSON elsewhere, JSON:API at /v1, CSV for the import of clients, CloudEvents where usage events go. Fastify's text/plain parser goes: it
 * would let other sites post without a preflight.
 */
export function registerBodyParsers(
  fastify: FastifyInstance,
  { BODY_LIMIT_BYTES, BULK_ROWS_MAX, FLAG_CONTEXT_BYTES, USAGE_BODY_LIMIT_BYTES }: Limits,
): void {
  const bulkLimit = Math.max(BODY_LIMIT_BYTES, BULK_ROWS_MAX * BULK_BYTES_PER_ROW);
  fastify.addHook('onRoute', (route) => {
    if (route.url === BULK_PATH) route.bodyLimit = bulkLimit;
    if (isEventPath(route.url)) route.bodyLimit = USAGE_BODY_LIMIT_BYTES;
    if (isFlagPath(route.url)) route.bodyLimit = FLAG_CONTEXT_BYTES;
  });
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  const readJson = (request: FastifyRequest, body: string, done: Done) =>
    parseJson(request, body, (error, value) => {
      if (error) done(error);
      else if (hasRepeatedName(body)) done(repeated());
      // What is measured must not be rounded on its way in.
      else done(null, isEventPath(request.routeOptions.url) ? exactly(body, value) : value);
    });
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_LIMIT_BYTES },
    (request, body, done) => (isOAuthPath(request.url) ? done(null, body) : done(unsupported(request))),
  );
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (request, body, done) => {
      if (isOAuthPath(request.url)) return done(unsupported(request));
      if (request.routeOptions.url === STRIPE_PATH || isFlagPath(request.url)) return done(null, body);
      if (body === '' && isMachinePath(request.url)) return done(null, {});
      return readJson(request, body as string, done);
    },
  );
  fastify.addContentTypeParser(
    ['application/cloudevents+json', 'application/cloudevents-batch+json'],
    { parseAs: 'string', bodyLimit: USAGE_BODY_LIMIT_BYTES },
    (request, body, done) =>
      isEventPath(request.routeOptions.url) ? readJson(request, body as string, done) : done(unsupported(request)),
  );
  // Programs that ping send a content type and no body.
  fastify.addContentTypeParser(JSON_API, { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES }, (request, body, done) => {
    if (!isMachinePath(request.url)) return done(unsupported(request));
    return body === '' ? done(null, {}) : readJson(request, body as string, done);
  });
  fastify.addContentTypeParser('text/csv', { parseAs: 'string', bodyLimit: bulkLimit }, (request, body, done) =>
    request.url.split('?', 1)[0] === BULK_PATH ? done(null, body) : done(unsupported(request)),
  );
}

const repeated = (): AppError => new AppError('malformed_json', 'A name appears twice in one object of the body.');

const unsupported = (request: FastifyRequest): AppError =>
  new AppError(
    'unsupported_media_type',
    `${request.headers['content-type']} is not accepted here; send application/json.`,
  );
