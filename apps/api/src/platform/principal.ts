import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { FastifyRequest } from 'fastify';

/** What has to be done in a session before anything else is allowed. */
export type Pending = 'verify' | 'set_password' | 'enrol';

/** Who makes a request. */
export type Principal =
  | {
      readonly kind: 'client';
      readonly clientId: string;
      /** Null: the installation's own. */
      readonly customerId: string | null;
      readonly permissions: ReadonlySet<string>;
    }
  | {
      /** A program that holds a licence. It reaches the machine-facing protocol only. */
      readonly kind: 'license';
      readonly licenseId: string;
      readonly permissions: ReadonlySet<string>;
    }
  | {
      readonly kind: 'operator';
      readonly operatorId: string;
      readonly permissions: ReadonlySet<string>;
      readonly session: {
        readonly id: string;
        readonly digest: string;
        readonly pending: Pending | null;
        /** When the operator last proved to be there. */
        readonly provenAt: Date;
      };
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

/** The customer beyond whom the caller must see and change nothing; null for the installation's clients and operators. */
export function customerOf(request: FastifyRequest): string | null {
  const principal = principalOf(request);
  return principal.kind === 'client' ? principal.customerId : null;
}

/** The operator whose session makes a request of a route that takes sessions only. */
export function operatorOf(request: FastifyRequest): Principal & { kind: 'operator' } {
  const principal = principalOf(request);
  if (principal.kind !== 'operator') throw new AppError('insufficient_scope', 'This takes a console session.');
  return principal;
}

/** The caller as it stands in audit records. */
export function actorOf(principal: Principal): string {
  if (principal.kind === 'license') return `license:${principal.licenseId}`;
  return principal.kind === 'client' ? `client:${principal.clientId}` : `operator:${principal.operatorId}`;
}

export const originOf = (request: FastifyRequest, actor = actorOf(principalOf(request))): Origin => ({
  actor,
  requestId: request.id,
  address: request.ip,
});
