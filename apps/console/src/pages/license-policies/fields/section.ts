import type { PolicyDraft } from '../policy-draft';

/** What every group of fields gets. */
export type SectionProps = {
  draft: PolicyDraft;
  change: (part: Partial<PolicyDraft>) => void;
  faults: Record<string, string>;
};
