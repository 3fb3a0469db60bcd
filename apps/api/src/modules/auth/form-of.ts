import { type Form, parseForm } from '@bastionary/oauth/rules/form';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    form?: Form;
  }
}

/**
 * The parameters of a form body, parsed once per request. What stands in the URI is never looked at.
 * @throws OAuthFault invalid_request if there is no form, or a malformed one
 */
export function formOf(request: FastifyRequest): Form {
  if (request.form === undefined) {
    if (!Buffer.isBuffer(request.body)) {
      throw new OAuthFault('invalid_request', 'The body must be application/x-www-form-urlencoded');
    }
    request.form = parseForm(request.body);
  }
  return request.form;
}
