import type { Origin } from '@bastionary/platform/audit';
import type { FastifyRequest } from 'fastify';

/** Who makes a request. */
export type Principal =
  | { readonly kind: 'client'; readonly clientId: string; readonly permissions: ReadonlySet<string> }
  | {
      readonly kind: 'operator';
      readonly operatorId: string;
      readonly permissions: ReadonlySet<string>;
      readonly sessionDigest: string;
      readonly mustSetPassword: boolean;
    };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the strategy that recognised the caller. */
    user?: unknown;
  }
}

/** The caller of a management route. The guard has put it there; without one there is no such request. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.user === undefined) throw new Error('a management route was reached without a principal');
  return request.user as Principal;
}

/** The caller as it stands in audit records. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'client' ? `client:${principal.clientId}` : `operator:${principal.operatorId}`;
}

export const originOf = (request: FastifyRequest, actor = actorOf(principalOf(request))): Origin => ({
  actor,
  requestId: request.id,
  address: request.ip,
});
