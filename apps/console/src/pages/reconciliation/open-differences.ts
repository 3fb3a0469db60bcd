import type { Reconciliation } from '@bastionary/contracts/stripe';

/** How many rows differ and are not repaired yet. */
export const openDifferences = ({ missing_here, missing_there, differs, repaired }: Reconciliation['counts']) =>
  Math.max(0, missing_here + missing_there + differs - repaired);
