import { applyChange, dueChanges, failChange } from '@bastionary/flags/actions/apply-changes';
import { AppError } from '@bastionary/platform/app-error';
import type { Job } from './job.js';

const AT_ONCE = 100;

/** Makes arranged changes of flags that are due revisions, each in a transaction of its own: one that cannot be made says why. */
export const applyFlagChangesJob: Job = {
  name: 'apply-flag-changes',
  async run(tx, now, { separately }) {
    const due = await dueChanges(tx, now, AT_ONCE);
    const done: Record<string, string[]> = { applied: [], failed: [] };
    for (const change of due) {
      const outcome = await separately((own) => applyChange(own, change, now)).catch(async (error) => {
        if (!(error instanceof AppError)) throw error;
        await separately((own) => failChange(own, change, error, now));
        return 'failed' as const;
      });
      if (outcome !== null) done[outcome]?.push(change.id);
    }
    return due.length > 0 ? { ...done, ...(due.length === AT_ONCE && { again: true }) } : undefined;
  },
};
