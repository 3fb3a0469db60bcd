import { cullMachines, licensesWithDead, removeDeadProcesses } from '@bastionary/licensing/actions/cull-machines';
import { systemOrigin } from '@bastionary/platform/audit';
import type { Job } from './job.js';

const LICENSES_AT_ONCE = 200;
const PROCESSES_AT_ONCE = 1_000;
const LONGEST_MS = 5_000;

/**
 * Tells once that machines died, and removes those that cannot come back. Their seats are free at the instant of death
 * already: whoever takes one removes the dead himself. Each licence in a transaction of its own. Two runs at once: the
 * second waits for the first, and finds nothing dead.
 */
export const cullMachinesJob: Job = {
  name: 'cull-machines',
  async run(tx, _now, { separately }) {
    let machines = 0;
    const giveUp = performance.now() + LONGEST_MS;
    for (const licenseId of await licensesWithDead(tx, LICENSES_AT_ONCE)) {
      if (performance.now() > giveUp) break;
      machines += await separately((own) => cullMachines(own, systemOrigin('worker'), licenseId));
    }
    const processes = await removeDeadProcesses(tx, PROCESSES_AT_ONCE);
    return machines + processes > 0 ? { machines, processes } : undefined;
  },
};
