import type { CreateSubscriptionRequest } from '@bastionary/contracts/plans';
import { type TermsDraft, writeTerms } from './terms-draft';

export type CreationDraft = {
  customer: string | null;
  terms: TermsDraft;
  starts: 'now' | 'custom';
  /** As a datetime-local field has it. */
  start: string;
  /** Empty: as the plan has it. */
  trialDays: string;
  /** Its key; empty: none. */
  coupon: string;
};

/** The request, or what is wrong by the field's name on the wire. */
export const writeCreation = (
  draft: CreationDraft,
): { body: CreateSubscriptionRequest } | { faults: Record<string, string> } => {
  const written = writeTerms(draft.terms);
  const start = draft.starts === 'now' ? null : new Date(draft.start);
  const days = draft.trialDays.trim();
  const faults = {
    ...('faults' in written && written.faults),
    ...(draft.customer === null && { customer_id: 'choose a customer' }),
    ...(start && Number.isNaN(start.getTime()) && { start: 'must be a date and a time' }),
    ...(!/^\d{0,3}$/.test(days) && { trial_days: 'must be a whole number of days, at most 730' }),
  };
  if ('faults' in written || draft.customer === null || Object.keys(faults).length > 0) return { faults };
  return {
    body: {
      customer_id: draft.customer,
      ...written.terms,
      ...(start && { start: start.toISOString() }),
      ...(days !== '' && { trial_days: Number(days) }),
      ...(draft.coupon !== '' && { coupon: draft.coupon }),
    },
  };
};
