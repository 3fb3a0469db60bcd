import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';

/** @throws AppError unknown_scope, with the path of every scope that no resource owns */
export async function checkScopesExist(db: Reader, scopes: readonly string[]): Promise<void> {
  const known = await db.scope.findMany({ where: { name: { in: [...scopes] } }, select: { name: true } });
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
