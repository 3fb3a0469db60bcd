import { MANAGEMENT_SCOPES } from '@bastionary/contracts/permissions';
import type { Reader } from '@bastionary/prisma/client';
import { InsufficientScope } from '../../platform/bearer-error.js';
import type { Principal } from '../../platform/principal.js';

/**
 * Nobody hands out permissions they lack: neither as scopes of a client, nor by changing or getting a secret of a client
 * that has them already.
 * @throws InsufficientScope naming the first permission that the caller lacks
 */
export async function checkWithinOwn(
  db: Reader,
  { permissions }: Principal,
  { clientIds = [], scopes = [] }: { clientIds?: readonly string[]; scopes?: readonly string[] },
): Promise<void> {
  const clients =
    clientIds.length === 0
      ? []
      : await db.client.findMany({ where: { clientId: { in: [...clientIds] } }, select: { scopes: true } });
  const given = [...scopes, ...clients.flatMap((client) => client.scopes)];
  const missing = given.find((scope) => Object.hasOwn(MANAGEMENT_SCOPES, scope) && !permissions.has(scope));
  if (missing !== undefined) throw new InsufficientScope(missing);
}
