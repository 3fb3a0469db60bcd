import { AuditContradiction, checkpointAudit } from '@bastionary/platform/audit-checkpoints';
import type { Job } from './job.js';

const REPEAT_MS = 60_000;
let toldAt = 0;

/**
 * Signs checkpoints of the audit log, into the database, the checkpoint file and the log of this process.
 * If the log is not what was signed before, it signs nothing and says so once a minute.
 */
export const checkpointAuditJob: Job = {
  name: 'checkpoint-audit',
  async run(tx, now, { config }) {
    try {
      const checkpoint = await checkpointAudit(tx, config, now);
      return checkpoint === null ? undefined : { size: checkpoint.size, note: checkpoint.note };
    } catch (error) {
      if (!(error instanceof AuditContradiction) || now.getTime() - toldAt >= REPEAT_MS) {
        toldAt = now.getTime();
        throw error;
      }
      return undefined;
    }
  },
};
