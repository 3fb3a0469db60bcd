import { CUSTOMER_SCOPES, isForCustomers } from '@bastionary/contracts/permissions';
import { AppError } from '@bastionary/platform/app-error';
import type { Reader } from '@bastionary/prisma/client';

/**
 * Most scopes of the management API reach beyond one customer, so no client of a customer is given them.
 * @param customerId null: the installation's client, which may hold any
 * @throws AppError invalid_request, with the path of every scope that is not for customers
 */
export function checkScopesForCustomer(scopes: readonly string[], customerId: string | null): void {
  if (customerId === null) return;
  const faults = scopes.flatMap((scope, index) =>
    isForCustomers(scope)
      ? []
      : [
          {
            path: `/scopes/${index}`,
            code: 'not_for_customers',
            message: `${scope} reaches beyond one customer; of the management API a customer's client may hold ${CUSTOMER_SCOPES.join(', ')}`,
          },
        ],
  );
  if (faults.length > 0) {
    const message = 'A client of a customer cannot hold a scope that reaches beyond its customer.';
    throw new AppError('invalid_request', message, { faults });
  }
}

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
