import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Books, compareBooks } from './compare-books.js';

const intent = (some: Partial<Books['intents'][number]> = {}) => ({
  id: 'pi_1',
  state: 'succeeded' as const,
  received: 1000n,
  currency: 'EUR',
  attemptId: 'att_1',
  customerId: 'cus_1',
  ...some,
});
const payment = (some: Partial<Books['payments'][number]> = {}) => ({
  id: 'pay_1',
  reference: 'pi_1',
  amount: 1000n,
  currency: 'EUR',
  customerId: 'cus_1',
  invoiceId: 'inv_1',
  ...some,
});
const attempt = (some: Partial<Books['attempts'][number]> = {}) => ({
  id: 'att_1',
  state: 'succeeded' as const,
  amount: 1000n,
  currency: 'EUR',
  customerId: 'cus_1',
  invoiceId: 'inv_1',
  paymentIntent: 'pi_1',
  isUnderWay: false,
  ...some,
});
const refund = (some: Partial<Books['refunds'][number]> = {}) => ({
  id: 're_1',
  paymentIntent: 'pi_1',
  amount: 300n,
  currency: 'EUR',
  state: 'succeeded' as const,
  refundId: null,
  ...some,
});
const ourRefund = (some: Partial<Books['ourRefunds'][number]> = {}) => ({
  id: 'rfd_1',
  reference: 're_1',
  amount: 300n,
  currency: 'EUR',
  customerId: 'cus_1',
  status: 'succeeded',
  ...some,
});
const EMPTY: Books = { intents: [], refunds: [], payments: [], ourRefunds: [], attempts: [] };
const SAME: Books = {
  intents: [intent()],
  refunds: [refund()],
  payments: [payment()],
  ourRefunds: [ourRefund()],
  attempts: [attempt()],
};
const compare = (some: Partial<Books>) =>
  compareBooks({ ...EMPTY, ...some }).map(({ kind, state, repair }) => `${kind} ${state} ${repair ?? 'in order'}`);

describe('both books', () => {
  const CASES: [string, Partial<Books>, string[]][] = [
    ['nothing', {}, []],
    ['the same', SAME, ['payment matched in order', 'refund matched in order', 'attempt matched in order']],
    [
      'a payment we missed',
      { intents: [intent()], attempts: [attempt({ state: 'unknown', paymentIntent: null })] },
      ['payment missing_here read_again', 'attempt differs read_again'],
    ],
    [
      'one we missed just now',
      { intents: [intent()], attempts: [attempt({ state: 'unknown', isUnderWay: true })] },
      ['payment missing_here read_again'],
    ],
    ['a payment we did not ask for', { intents: [intent({ attemptId: null })] }, ['payment missing_here look']],
    [
      'one that we asked for in another life',
      { intents: [intent({ attemptId: 'att_other' })] },
      ['payment missing_here look'],
    ],
    ['another amount', { intents: [intent({ received: 999n })], payments: [payment()] }, ['payment differs look']],
    ['another currency', { intents: [intent({ currency: 'USD' })], payments: [payment()] }, ['payment differs look']],
    [
      'paid here, declined there',
      { intents: [intent({ state: 'declined' })], payments: [payment()] },
      ['payment differs look'],
    ],
    ['a payment that is not there', { payments: [payment()] }, ['payment missing_there look']],
    [
      'declined on both sides',
      { intents: [intent({ state: 'declined' })], attempts: [attempt({ state: 'declined' })] },
      ['attempt matched in order'],
    ],
    [
      'a decline we missed',
      { intents: [intent({ state: 'declined' })], attempts: [attempt({ state: 'processing' })] },
      ['attempt differs read_again'],
    ],
    [
      'a declined card on an open page',
      { intents: [intent({ state: 'declined' })], attempts: [attempt({ state: 'requires_action' })] },
      ['attempt matched in order'],
    ],
    [
      'asked, and nothing there',
      { attempts: [attempt({ state: 'unknown', paymentIntent: null })] },
      ['attempt missing_there ask_again'],
    ],
    ['not asked yet', { attempts: [attempt({ state: 'planned', paymentIntent: null })] }, []],
    [
      'a refund we missed',
      { payments: [payment()], intents: [intent()], refunds: [refund()] },
      ['payment matched in order', 'refund missing_here read_again'],
    ],
    ['a refund of somebody else', { refunds: [refund({ paymentIntent: 'pi_other' })] }, []],
    [
      'a failed refund that moved nothing',
      { intents: [intent()], payments: [payment()], refunds: [refund({ state: 'failed' })] },
      ['payment matched in order'],
    ],
    [
      'a refund of ours, done there',
      { refunds: [refund({ refundId: 'rfd_1' })], ourRefunds: [ourRefund({ reference: 'rfd_1', status: 'pending' })] },
      ['refund differs read_again'],
    ],
    [
      'a refund of ours, not there',
      { ourRefunds: [ourRefund({ reference: 'rfd_1', status: 'pending' })] },
      ['refund missing_there ask_again'],
    ],
    [
      'a refund that failed after all',
      { refunds: [refund({ state: 'failed' })], ourRefunds: [ourRefund()] },
      ['refund differs look'],
    ],
    [
      'a refund of another amount',
      { refunds: [refund({ amount: 299n })], ourRefunds: [ourRefund()] },
      ['refund differs look'],
    ],
  ];
  test.each(CASES)('%s', (_name, books, expected) => expect(compare(books)).toEqual(expected));

  test('whatever there is, every payment and refund of both sides stands in one row', () => {
    const ids = fc.uniqueArray(fc.constantFrom('1', '2', '3', '4', '5'));
    fc.assert(
      fc.property(ids, ids, ids, ids, (intents, payments, refunds, ours) => {
        const rows = compareBooks({
          intents: intents.map((id) => intent({ id: `pi_${id}` })),
          payments: payments.map((id) => payment({ id: `pay_${id}`, reference: `pi_${id}` })),
          refunds: refunds.map((id) => refund({ id: `re_${id}`, paymentIntent: 'pi_1' })),
          ourRefunds: ours.map((id) => ourRefund({ id: `rfd_${id}`, reference: `re_${id}` })),
          attempts: [],
        });
        const told = rows.filter(({ kind }) => kind === 'payment').map(({ stripeId }) => stripeId);
        expect(told.sort()).toEqual([...new Set([...intents, ...payments])].map((id) => `pi_${id}`).sort());
        const known = intents.includes('1') || payments.includes('1');
        const back = new Set([...(known ? refunds : refunds.filter((id) => ours.includes(id))), ...ours]);
        const toldBack = rows.filter(({ kind }) => kind === 'refund').map(({ stripeId }) => stripeId);
        expect(toldBack.sort()).toEqual([...back].map((id) => `re_${id}`).sort());
      }),
    );
  });
});
