import type { Permission } from '@bastionary/contracts/permissions';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';
import type { Pending } from './principal.js';

/** Who may call a route. A route that does not say is refused to everybody. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'client' }
  | { readonly kind: 'session'; readonly during: readonly Pending[] }
  | { readonly kind: 'management'; readonly permission: Permission };

export const ACCESS = 'bastionary:access';

/** Anybody. */
export const Public = () => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);
/** A client that proves itself with its own credential (token, introspection, revocation). */
export const ClientAuthenticated = () =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'client' } satisfies Access), ApiBasicAuth());
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

export const STEP_UP = 'bastionary:step-up';
/** Whether a request is dangerous, by its body, which nobody has validated yet. */
export type IsDangerous = (body: Readonly<Record<string, unknown>>) => boolean;

/** A dangerous act: a console session needs a fresh proof of who sits there. Clients are not concerned. */
export const StepUp = (when: IsDangerous = () => true) =>
  applyDecorators(SetMetadata(STEP_UP, when), ApiExtension('x-step-up', true));
