import type { PolicyTerms } from '@bastionary/contracts/license-policies';
import type { MachineSize, Used } from './license-facts.js';

/** A machine that holds a seat, and how many processes live on it. */
export interface Seat extends MachineSize {
  readonly id: string;
  readonly userId: string | null;
  readonly processes: number;
}

/** For whom is counted, where a policy leases per user or per machine. Absent: for whoever has most. */
export interface Lessee {
  /** Null: machines that belong to no user. */
  readonly userId?: string | null;
  readonly machineId?: string;
}

type LeasingTerms = Pick<PolicyTerms, 'machine_leasing_strategy' | 'process_leasing_strategy'>;

/**
 * How much of each limit is taken.
 * @param seats the machines that hold a seat, and no others (`holdsSeat`)
 * @param counters users of the licence, and uses counted
 */
export function usedOf(
  { machine_leasing_strategy, process_leasing_strategy }: LeasingTerms,
  seats: readonly Seat[],
  counters: { readonly users: number; readonly uses: number },
  { userId, machineId }: Lessee = {},
): Used {
  const ofUser = userId === undefined ? undefined : String(userId);
  const byUser = (one: Seat): string => String(one.userId);
  const machines = machine_leasing_strategy === 'PER_USER' ? groups(seats, byUser, ofUser) : [seats];
  const processes = {
    PER_LICENSE: () => [seats],
    PER_USER: () => groups(seats, byUser, ofUser),
    PER_MACHINE: () => groups(seats, ({ id }) => id, machineId),
  }[process_leasing_strategy]();
  return {
    max_machines: most(machines, () => 1),
    max_cores: most(machines, ({ cores }) => cores ?? 0),
    max_memory: most(machines, ({ memory }) => memory ?? 0),
    max_disk: most(machines, ({ disk }) => disk ?? 0),
    max_processes: most(processes, (seat) => seat.processes),
    max_users: counters.users,
    max_uses: counters.uses,
  };
}

function groups(seats: readonly Seat[], keyOf: (seat: Seat) => string, only: string | undefined): Seat[][] {
  const all = Map.groupBy(seats, keyOf);
  return only === undefined ? [...all.values()] : [all.get(only) ?? []];
}

const most = (of: readonly (readonly Seat[])[], amountOf: (seat: Seat) => number): number =>
  Math.max(0, ...of.map((seats) => seats.reduce((sum, seat) => sum + amountOf(seat), 0)));
