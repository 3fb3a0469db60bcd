import type { Invoice } from '@bastionary/contracts/invoices';
import { describe, expect, test } from '@jest/globals';
import { type CreditDraft, whereItGoes, writeCredit } from './credit-draft';

const invoice = { currency: 'EUR', total: '11900', amount_credited: '1900', amount_due: '4000' } as Invoice;
const draft = (part: Partial<CreditDraft>): CreditDraft => ({
  what: 'whole',
  amount: '',
  lines: {},
  paidPart: 'wallet',
  access: 'suspend',
  reason: 'wrong plan',
  ...part,
});

describe('a credit note, before it is issued', () => {
  test.each<[string, Partial<CreditDraft>, object]>([
    ['the whole', {}, { body: { reason: 'wrong plan', paid_part: 'wallet', access: 'suspend' }, gross: 10000n }],
    [
      'an amount',
      { what: 'amount', amount: '12.50', paidPart: 'refund', access: 'keep' },
      { body: { reason: 'wrong plan', paid_part: 'refund', access: 'keep', amount: '1250' }, gross: 1250n },
    ],
    [
      'lines, net',
      { what: 'lines', lines: { inl_a: '5', inl_b: ' ' } },
      {
        body: {
          reason: 'wrong plan',
          paid_part: 'wallet',
          access: 'suspend',
          lines: [{ line_id: 'inl_a', amount: '500' }],
        },
        gross: null,
      },
    ],
    ['no reason', { reason: ' ' }, { faults: { reason: 'say why; it stands on the document' } }],
    [
      'more than is left',
      { what: 'amount', amount: '100.01' },
      { faults: { amount: 'at most 100.00 EUR are left to credit' } },
    ],
    [
      'half a cent',
      { what: 'amount', amount: '0.005' },
      { faults: { amount: 'must be an amount in EUR, such as 12.34' } },
    ],
    ['no line', { what: 'lines' }, { faults: { lines: 'say how much of at least one line' } }],
    [
      'a line of nothing',
      { what: 'lines', lines: { inl_a: '0' } },
      { faults: { inl_a: 'must be an amount in EUR, such as 12.34' } },
    ],
  ])('%s', (_, part, written) => {
    expect(writeCredit(draft(part), invoice)).toEqual(written);
  });

  test('what is due is lessened first, the rest goes back', () => {
    expect(whereItGoes(3000n, invoice, 'wallet')).toEqual(['30.00 EUR less are due: 10.00 EUR remain.']);
    expect(whereItGoes(10000n, invoice, 'refund')).toEqual([
      '40.00 EUR less are due: 0.00 EUR remain.',
      '60.00 EUR are paid back the way they came.',
    ]);
    expect(whereItGoes(500n, { ...invoice, amount_due: '0' }, 'wallet')).toEqual([
      '5.00 EUR go to the customer’s wallet, for the next invoices.',
    ]);
  });
});
