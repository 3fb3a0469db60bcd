import type { Permission } from '@bastionary/contracts/permissions';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiCookieAuth, ApiExtension } from '@nestjs/swagger';

/** Who may call a route. A route that does not say is refused to everybody. */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'client' }
  | { readonly kind: 'session'; readonly beforePassword: boolean }
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
/** A console session, whatever its role. */
export const SignedIn = (options: { beforePassword: boolean } = { beforePassword: false }) =>
  applyDecorators(SetMetadata(ACCESS, { kind: 'session', ...options } satisfies Access), ApiCookieAuth('session'));
