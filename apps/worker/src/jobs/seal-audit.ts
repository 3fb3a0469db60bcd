import { sealAudit } from '@bastionary/platform/audit-sealer';
import type { Job } from './job.js';

const SWEEP_MS = 60_000;
// Of this process: which worker sweeps, and whether two do, makes no difference.
let sweptAt = 0;

/** Seals the audit records of transactions that are over. Two runs at once: the second leaves it to the first. */
export const sealAuditJob: Job = {
  name: 'seal-audit',
  async run(tx, now) {
    const sweep = now.getTime() - sweptAt >= SWEEP_MS;
    if ((await sealAudit(tx, { sweep })) !== null && sweep) sweptAt = now.getTime();
    // Nothing for the log: there would be a line for every change.
    return undefined;
  },
};
