/** What each number of the finance console is: the words that screens show beside it. */
export const DEFINITIONS = {
  mrr: 'Prices that recur whatever is used, of subscriptions that are active or past due, brought to a month (year / 12, quarter / 3, week × 52 / 12, day × 365 / 12); without trials, usage and tax, before coupons.',
  arr: '12 × MRR: what the same prices would bring in a year.',
  net_new_mrr: 'MRR at the end of the span less MRR at its start: all movements together.',
  churned_mrr: 'MRR of customers that went to nothing in the span, as a negative amount.',
  logo_churn: 'Of the customers with MRR at the start of the span, the percentage without any at its end.',
  gross_retention:
    'Of the MRR at the start of the span, the percentage that the same customers still pay at its end, without what grew.',
  net_retention:
    'MRR at the end of the span of the customers that had any at its start, as a percentage of what it was.',
  revenue:
    'Lines of invoices finalized in the span, net of discounts and tax, less invoices voided and credit notes issued in it; by the date of the document, not of the service.',
  open: 'What is left to be paid of finalized invoices that are neither void nor written off, tax included.',
  overdue: 'The part of it whose due date has passed.',
  cash: 'Payments received in the span less refunds made in it.',
  failed_payments: 'Amounts of attempts to collect that failed in the span, each attempt counted.',
  unbilled_usage:
    'Usage of the running periods, rated as if they ended now, and of closed ones that still stand on drafts; before coupons, tax and minimum spend. Always as of now.',
  wallet_liability: 'Prepaid money and credits that customers have not used yet, and that have not expired.',
  receivables:
    'What was left to be paid of finalized invoices at that instant, by days since the due date; payments, credit notes and voiding count from their own instant on.',
  dunning: 'Overdue invoices now, by how many steps of dunning were done.',
  new: 'A customer without MRR until then pays for the first time.',
  expansion: 'A customer pays more: another plan, more units, an add-on, one more subscription.',
  contraction: 'A customer pays less, and still something.',
  churn: 'A customer pays nothing any more: ended, paused or suspended.',
  reactivation: 'A customer that had gone to nothing pays again.',
} as const;
