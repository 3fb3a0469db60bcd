import type { Permission } from '@bastionary/contracts/permissions';
import { SetMetadata } from '@nestjs/common';

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
export const ClientAuthenticated = () => SetMetadata(ACCESS, { kind: 'client' } satisfies Access);
/** A Bearer token or a console session with this permission. */
export const Needs = (permission: Permission) =>
  SetMetadata(ACCESS, { kind: 'management', permission } satisfies Access);
/** A console session, whatever its role. */
export const SignedIn = (options: { beforePassword: boolean } = { beforePassword: false }) =>
  SetMetadata(ACCESS, { kind: 'session', ...options } satisfies Access);
