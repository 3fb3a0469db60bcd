import { AppError } from '@bastionary/platform/app-error';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { hasRepeatedName } from './repeated-names.js';

/** Paths whose bodies are forms and whose errors are those of RFC 6749 §5.2. */
export const isOAuthPath = (url: string): boolean => url.startsWith('/oauth2/');

/** A form larger than this is none that a client has reason to send. */
export const FORM_LIMIT_BYTES = 16_384;

/**
 * Two body types, each on its own surface: forms at /oauth2 (handed on as bytes, read strictly by the oauth room),
 * JSON elsewhere. Fastify's text/plain parser goes: it would let other sites post without a preflight.
 */
export function registerBodyParsers(fastify: FastifyInstance, jsonLimitBytes: number): void {
  fastify.removeAllContentTypeParsers();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: FORM_LIMIT_BYTES },
    (request, body, done) => (isOAuthPath(request.url) ? done(null, body) : done(unsupported(request))),
  );
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: jsonLimitBytes },
    (request, body, done) => {
      if (isOAuthPath(request.url)) return done(unsupported(request));
      return parseJson(request, body as string, (error, value) => {
        done(error ?? (hasRepeatedName(body as string) ? repeated() : null), value);
      });
    },
  );
}

const repeated = (): AppError => new AppError('malformed_json', 'A name appears twice in one object of the body.');

const unsupported = (request: FastifyRequest): AppError =>
  new AppError(
    'unsupported_media_type',
    `${request.headers['content-type']} is not accepted here; send application/json.`,
  );
