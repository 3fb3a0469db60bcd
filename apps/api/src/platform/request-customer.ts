import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose request runs: null for the installation's own clients, for operators, and where no request runs. */
interface Surroundings {
  customerId: string | null;
}

const requests = new AsyncLocalStorage<Surroundings>();

/** Runs the handler of a request in surroundings of its own; the guard says whose they are. */
export const surround = (handle: () => void): void => requests.run({ customerId: null }, handle);

/** From here on the request is that of a customer's client. Only the guard says so. */
export function enterCustomer(customerId: string): void {
  const surroundings = requests.getStore();
  if (surroundings === undefined) throw new Error('a request runs without surroundings to keep its customer in');
  surroundings.customerId = customerId;
}

/** The customer whose client makes the request that runs now. */
export const customerNow = (): string | null => requests.getStore()?.customerId ?? null;

/** Does what is the platform's to do, whoever's request happens to notice: letting what fell due take effect. */
export const asInstallation = <Result>(work: () => Promise<Result>): Promise<Result> =>
  requests.run({ customerId: null }, work);
