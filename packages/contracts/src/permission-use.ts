import { z } from 'zod';

/** Which of its scopes a client has asked for lately. */
export const permissionUse = z
  .object({
    since: z.string(),
    relies_on_default: z
      .boolean()
      .describe('It has asked without a scope and got them all: what it really needs cannot be known'),
    data: z.array(
      z.object({
        scope: z.string(),
        requested: z.string().describe('Tokens for which it was asked by name. Decimal integer'),
        defaulted: z.string().describe('Tokens that carry it because no scope was named. Decimal integer'),
        last_used_at: z.string().nullable(),
      }),
    ),
    suggested_scopes: z.array(z.string()).describe('What would be enough for what was asked'),
  })
  .meta({ id: 'PermissionUse' });
export type PermissionUse = z.infer<typeof permissionUse>;
