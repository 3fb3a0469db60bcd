import type { Permission } from '@bastionary/contracts/permissions';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Pending } from './principal.js';

/** Who may call a route. A route that does not say is refused to everybody. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'client' }
  | { readonly kind: 'machine' }
  | { readonly kind: 'session'; readonly during: readonly Pending[] }
  | { readonly kind: 'management'; readonly permission: Permission };

export const ACCESS = 'bastionary:access';

/** Anybody. */
export const Public = () => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);
/** A client that proves itself with its own credential (token, introspection, revocation). */
export const ClientAuthenticated = () =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'client' } satisfies Access), ApiBasicAuth());
/** A program with a licence: by its key, by a token of the licence, or an installation's client that manages licences. */
export const MachineAuthenticated = () =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'machine' } satisfies Access), ApiBearerAuth());
/** A Bearer token or a console session with this permission. */
export const Needs = (permission: Permission) =>
  applyDecorators(
    SetMetadata(ACCESS, { kind: 'management', permission } satisfies Access),
    ApiBearerAuth(),
    ApiCookieAuth('session'),
    ApiExtension('x-permission', permission),
  );
/** A console session, whatever its role. @param during what may still have to be done in it before anything else */
export const SignedIn = (...during: readonly Pending[]) =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'session', during } satisfies Access), ApiCookieAuth('session'));

/**
 * How a route that customers' clients may call is kept to their customer.
 * - `path`: `customer_id` in the path must be theirs; another's is answered like one that does not exist.
 * - `body`: the same of `customer_id` in the body. Where that may be left out, the handler's queries name the customer.
 * - `query`: the handler's queries name the customer, which `customerOf` tells.
 * - `nobody`: what the route tells belongs to no customer.
 */
export type CustomerBinding = 'path' | 'body' | 'query' | 'nobody';

export const CUSTOMERS = 'bastionary:customers';
/** Opens a route to customers' clients. One that does not say is closed to them, whatever scopes they hold. */
export const OpenToCustomers = (boundBy: CustomerBinding) =>
  applyDecorators(SetMetadata(CUSTOMERS, boundBy), ApiExtension('x-open-to-customers', boundBy));

export const STEP_UP = 'bastionary:step-up';
/** Whether a request is dangerous, by its body, which nobody has validated yet. */
export type IsDangerous = (body: Readonly<Record<string, unknown>>) => boolean;

/** A dangerous act: a console session needs a fresh proof of who sits there. Clients are not concerned. */
export const StepUp = (when: IsDangerous = () => true) =>
  applyDecorators(SetMetadata(STEP_UP, when), ApiExtension('x-step-up', true));
