import type { Form } from '@bastionary/oauth/rules/form';
import type { ServiceLimit } from '@bastionary/oauth/rules/rate-limit-fields';
import type { FastifyRequest } from 'fastify';
import type { KnownCustomer } from './customer-directory.js';
import { formOf } from './form-of.js';
import type { KnownClient } from './known-client.js';

/** A client that has proven itself, and with what. */
export interface Authenticated {
  readonly client: KnownClient;
  readonly credentialId: string;
  /** Undefined for a client of the installation itself. */
  readonly customer: KnownCustomer | undefined;
  /** What its own rate limit has left; undefined if it has none of its own. */
  readonly left?: ServiceLimit | undefined;
}

/** A request at an OAuth2 endpoint past the doorman, whichever way it came. */
export interface Exchange extends Authenticated {
  readonly form: Form;
  readonly address: string;
  /** Also the trace id of a failure. */
  readonly requestId: string;
  /** The DPoP header; several are joined by commas. */
  readonly proof: string | undefined;
  /** Header fields that the answer gets besides those of every answer. */
  readonly headers: Record<string, string>;
}

/** The same of a request that came through Nest. */
export const exchangeOf = (request: FastifyRequest): Exchange => ({
  ...(request.user as Authenticated),
  form: formOf(request),
  address: request.ip,
  requestId: request.id,
  proof: proofOf(request),
  headers: {},
});

/** The DPoP header of a request; several are joined by commas, which no proof has. */
export function proofOf({ headers: { dpop } }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return Array.isArray(dpop) ? dpop.join(',') : dpop;
}
