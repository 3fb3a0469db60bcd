import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';

/**
 * Holds the scopes until the end of the transaction: none is removed while a client is just being given it.
 * @throws AppError unknown_scope, with the path of every scope that no resource owns
 */
export async function checkScopesExist(db: Reader, scopes: readonly string[]): Promise<void> {
  const known = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM scope WHERE name = ANY(${[...scopes]}::text[]) ORDER BY name FOR KEY SHARE`;
  const names = new Set(known.map((scope) => scope.name));
  const faults = scopes.flatMap((name, index) =>
    names.has(name)
      ? []
      : [{ path: `/scopes/${index}`, code: 'unknown_scope', message: `No resource owns the scope ${name}.` }],
  );
  if (faults.length > 0) {
    throw new AppError('unknown_scope', 'A scope does not exist. GET /api/resources lists the scopes there are.', {
      faults,
    });
  }
}
