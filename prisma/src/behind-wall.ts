import type { Database, Transaction } from './client.js';

/** The database role that requests of customers' clients run as: its policies are in migration 0011. */
export const CUSTOMER_ROLE = 'bastionary_customer';

type Call = (...args: unknown[]) => unknown;

/**
 * The database as a request sees it. While `customerNow` names a customer, every operation and every transaction runs as
 * the role of customers' clients, with that customer set, and so under row-level security: a query that forgets to name
 * the customer still finds only its rows. While it is null, this is `db` itself.
 *
 * Each operation gets a transaction of its own, so Prisma never joins it with one of another request either.
 */
export function behindWall(db: Database, customerNow: () => string | null): Database {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      const customerId = customerNow();
      if (customerId === null) return typeof value === 'function' ? value.bind(target) : value;
      if (typeof name === 'symbol') return value;
      const within = <Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions) =>
        target.$transaction(async (tx) => {
          await asCustomer(tx, customerId);
          return work(tx);
        }, options);
      if (name === '$transaction') return onlyInteractive(within);
      if (RAW.has(name)) return (...args: unknown[]) => within((tx) => call(tx, name, args));
      if (name.startsWith('$')) throw new Error(`${name} would go past the wall between customers`);
      return typeof value === 'object' && value !== null ? behindWallOf(value, name, within) : value;
    },
  });
}

const RAW = new Set(['$queryRaw', '$executeRaw']);
type TransactionOptions = { maxWait?: number; timeout?: number };
type Within = <Result>(work: (tx: Transaction) => Promise<Result>, options?: TransactionOptions) => Promise<Result>;

/** Puts the rest of a transaction behind the wall. Its end takes the wall down: the connection serves others too. */
async function asCustomer(tx: Transaction, customerId: string): Promise<void> {
  await tx.$queryRaw`SELECT set_config('role', ${CUSTOMER_ROLE}, true), set_config('bastionary.customer', ${customerId}, true)`;
}

const onlyInteractive = (within: Within) => (work: unknown, options?: TransactionOptions) => {
  if (typeof work !== 'function')
    throw new Error('a list of operations has begun before it could be put behind the wall');
  return within(work as (tx: Transaction) => Promise<unknown>, options);
};

// The operations of one model.
const behindWallOf = (delegate: object, model: string, within: Within): object =>
  new Proxy(delegate, {
    get(target, operation) {
      const value: unknown = Reflect.get(target, operation, target);
      if (typeof value !== 'function' || typeof operation === 'symbol') return value;
      return (...args: unknown[]) => within((tx) => call(tx[model as keyof Transaction] as object, operation, args));
    },
  });

const call = (target: object, name: string, args: unknown[]): Promise<unknown> =>
  (target as Record<string, Call>)[name]?.(...args) as Promise<unknown>;
