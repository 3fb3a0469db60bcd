import { type DunningAct, type DunningPolicy, updateDunningPolicyRequest } from '@bastionary/contracts/dunning';
import { type DurationDraft, toDraft, toSeconds } from '../../ui/duration';

export type StepDraft = { id: string; act: DunningAct; after: DurationDraft };
type Steps = DunningPolicy['steps'];

export const readSteps = (steps: Steps): StepDraft[] =>
  steps.map(({ act, after_seconds: after }, place) => ({ id: String(place), act, after: toDraft(after) }));

/** The steps to send, the earliest first; or what is wrong, by the id of the step, and under `steps` what is with all of them. */
export const writeSteps = (drafts: StepDraft[]): { steps: Steps } | { faults: Record<string, string> } => {
  const written = drafts.map(({ id, act, after }) => ({ id, act, after_seconds: toSeconds(after) ?? Number.NaN }));
  const unclear = written.filter(({ after_seconds: after }) => Number.isNaN(after));
  if (unclear.length > 0) {
    return { faults: Object.fromEntries(unclear.map(({ id }) => [id, 'must be a length of time, such as 7 days'])) };
  }
  const ordered = written.toSorted((one, other) => one.after_seconds - other.after_seconds);
  const steps = ordered.map(({ act, after_seconds }) => ({ act, after_seconds }));
  const issues = updateDunningPolicyRequest.safeParse({ steps }).error?.issues ?? [];
  if (issues.length === 0) return { steps };
  const faults = issues.map(({ path, message }) => [
    ordered[Number(path[1])]?.id ?? 'steps',
    message.replaceAll('_', ' '),
  ]);
  return { faults: Object.fromEntries(faults) };
};
