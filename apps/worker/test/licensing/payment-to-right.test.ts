import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StripeEvent } from '../stripe/life.js';
import { Till } from '../stripe/till.js';
import { Buyer, entitled, openShop, patience, without } from './right.js';

const STEPS = [
  { act: 'remind', after_seconds: 1 },
  { act: 'past_due', after_seconds: 2 },
  { act: 'suspend', after_seconds: 5 },
];
const TOLD = ['subscription.suspended', 'subscription.reinstated', 'license.suspended', 'license.reinstated'];

let till: Till;
beforeAll(async () => {
  till = await Till.open({ INVOICE_NET_DAYS: '0' });
  await till.ask('PUT', '/api/dunning-policy', { steps: STEPS });
  await openShop(till, true);
  await till.works.worker();
});
afterAll(() => till.close());

/** Every event twice, backwards, as no network would: and all of them are handled. */
async function deliverBackwards(events: readonly StripeEvent[]): Promise<void> {
  for (const event of [...events, ...events].reverse())
    expect(await till.stripe.deliver(event, till.webhook)).toBe(200);
  await waitFor(
    'every event to be handled',
    async () => {
      const [row] = await till.works.sql('SELECT count(*)::int AS open FROM stripe_event WHERE handled_at IS NULL');
      return row.open === 0;
    },
    patience,
  );
}

test('4: from payment to right, step by step: licence, token, snapshot and explain agree at every one', async () => {
  const { account } = till.stripe;
  const { id: customer } = await till.payingCustomer('decline');
  const buyer = await Buyer.of(till, customer, 2);
  expect(await buyer.activate('one')).toEqual([201, undefined]);
  expect(await buyer.activate('two')).toEqual([201, undefined]);
  expect(await buyer.activate('three')).toEqual([422, 'MACHINE_LIMIT_EXCEEDED']);
  await buyer.has('two seats', entitled(2));

  // An upgrade is a seat more, at once.
  await buyer.change({ quantity: 3 });
  expect(await buyer.transactionsOf('subscription.updated', 'license.updated')).toBe(1);
  expect(await buyer.activate('three')).toEqual([201, undefined]);
  await buyer.has('three seats', entitled(3));

  // A downgrade cuts nobody off: all three are there, and validation says that it is one too many.
  await buyer.change({ quantity: 2 });
  const tooMany = { valid: false, code: 'TOO_MANY_MACHINES' };
  await buyer.has('a machine too many', entitled(2, { validation: tooMany, explained: false }));
  expect((await buyer.license()).machines).toBe(3);
  await buyer.change({ quantity: 3 });
  await buyer.has('three seats again', entitled(3));

  // 43: nobody pays: it works on in grace, and its licence says until when; then nothing works.
  const before = account.events.length;
  const invoice = await buyer.invoice();
  await waitFor('the warning', async () => (await buyer.right()).state === 'past_due', patience);
  const { grace_until: graceEnd } = await till.ask('GET', `/api/subscriptions/${buyer.subscription}`);
  const inGrace = await buyer.right();
  if (inGrace.state === 'past_due') {
    const license = { status: 'EXPIRING', seats: 3, endsAt: graceEnd };
    expect(inGrace).toEqual(entitled(3, { state: 'past_due', license }));
  }
  await buyer.has('the suspension', without({ endsAt: graceEnd }));
  expect(await buyer.activate('four')).toEqual([403, 'LICENSE_SUSPENDED']);

  // 43: it is paid by another card; Stripe tells of it twice and backwards. Everything works again, once.
  await till.leaveCard(customer, 'success');
  await waitFor('the payment', async () => (await till.invoiceNow(invoice.id)).status === 'paid', patience);
  await buyer.has('all of it again', entitled(3));
  expect(await buyer.transactionsOf('payment.received', 'subscription.reinstated', 'license.reinstated')).toBe(1);
  await deliverBackwards(account.events.slice(before));
  await buyer.has('all of it still', entitled(3));
  expect(await buyer.told(...TOLD)).toEqual({
    'subscription.suspended': 1,
    'subscription.reinstated': 1,
    'license.suspended': 1,
    'license.reinstated': 1,
  });

  // 44: a part of it goes back, and nothing happens; the rest, and nothing works, in the transaction of the refund.
  const paid = account.events.length;
  const intent = [...account.intents.values()].find(({ status }) => status === 'succeeded')?.id ?? '';
  account.refund(intent, 1_000, {});
  await deliverBackwards(account.events.slice(paid));
  await buyer.has('all of it after a part', entitled(3));
  account.refund(intent, undefined, {});
  await deliverBackwards(account.events.slice(paid));
  await buyer.has('nothing after the rest', without({}));
  expect(await buyer.transactionsOf('payment.refunded', 'subscription.suspended', 'license.suspended')).toBe(1);
  const { reason, chain } = await till.ask('POST', '/api/explain', {
    customer_id: customer,
    question: { feature: 'reports' },
  });
  expect(reason ?? chain.map(({ fact }: { fact: string }) => fact).join(' ')).toContain(
    'when all that was paid for its period went back',
  );

  // What went back is open again: a part of it restores nothing, the rest does. None of it is a present.
  await buyer.pay(invoice.id, '1000', 'transfer 1');
  await buyer.has('nothing for a part', without({}));
  await buyer.pay(invoice.id, '2000', 'transfer 2');
  await buyer.has('all of it for the rest', entitled(3));
  await buyer.pay(invoice.id, '2000', 'transfer 2');
  expect(await till.books(customer)).toEqual({ cash: 3000, receivable: 0, refunds: 0, revenue: -3000 });
  expect(await buyer.told(...TOLD)).toEqual({
    'subscription.suspended': 2,
    'subscription.reinstated': 2,
    'license.suspended': 2,
    'license.reinstated': 2,
  });

  // Whoever is suspended as a customer is banned; an operator's word on the licence stands beside all this.
  await till.ask('PATCH', `/api/customers/${customer}`, { status: 'suspended' });
  await buyer.has(
    'a banned customer',
    without(
      { status: 'BANNED' },
      {
        state: 'active',
        validation: { valid: false, code: 'BANNED' },
        snapshot: { reports: true, seats: 3, plans: ['desktop@1'] },
      },
    ),
  );
  await till.ask('PATCH', `/api/customers/${customer}`, { status: 'active' });
  await buyer.has('all of it again', entitled(3));

  // A pause, an end to come and its being taken back.
  await buyer.change({ pause: true });
  await buyer.has('a pause', without({}, { state: 'paused' }));
  await buyer.change({ pause: false });
  await buyer.has('after the pause', entitled(3));
  const { cancel_at: end } = await buyer.change({ cancel: true, at: 'period_end' });
  await buyer.has('an end to come', entitled(3, { license: { status: 'ACTIVE', seats: 3, endsAt: end } }));
  await buyer.change({ cancel: false });
  await buyer.has('no end', entitled(3));
  await buyer.change({ cancel: true });
  await buyer.has('the end', without({}, { state: 'canceled' }));
});

test('44: a chargeback suspends once it is lost; a refund of a whole period does not where the operator says so', async () => {
  const { account } = till.stripe;
  const { id: customer } = await till.payingCustomer();
  const buyer = await Buyer.of(till, customer, 1);
  expect(await buyer.activate('one')).toEqual([201, undefined]);
  const invoice = await buyer.invoice();
  await waitFor('the payment', async () => (await till.invoiceNow(invoice.id)).status === 'paid', patience);
  const intent = [...account.intents.values()].find(({ metadata }) => metadata.bastionary_invoice === invoice.id);
  const before = account.events.length;
  const dispute = account.dispute(String(intent?.id));
  await deliverBackwards(account.events.slice(before));
  await buyer.has('all of it while nobody knows', entitled(1));
  account.closeDispute(dispute.id, 'lost');
  await deliverBackwards(account.events.slice(before));
  await buyer.has('nothing after it was lost', without({ seats: 1 }));
  expect(
    await till.works.sql('SELECT reference, status, amount, reason FROM refund WHERE customer_id = $1', [customer]),
  ).toEqual([{ reference: dispute.id, status: 'succeeded', amount: '1000', reason: 'Chargeback' }]);
  // An operator may give it back without money.
  await buyer.change({ suspend: false });
  await buyer.has('all of it by word', entitled(1));

  await buyer.pay(invoice.id, '1000', 'transfer 3');
  const payment = await buyer.payment(invoice.id);
  await till.ask('POST', `/api/payments/${payment}/refunds`, { reason: 'On the house', access: 'keep' });
  await buyer.has('all of it for nothing', entitled(1));
  await till.skipTonight();
  expect((await till.reconcile(false)).rows).toEqual([]);
});
