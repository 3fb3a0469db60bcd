import { basic, json } from '@bastionary/testing/http';
import { MailSink } from '@bastionary/testing/mail-sink';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type MadeClient, Works } from '../support.js';

const patience = { within: 40_000 };
const STEPS = [
  { act: 'remind', after_seconds: 1 },
  { act: 'past_due', after_seconds: 2 },
  { act: 'suspend', after_seconds: 4 },
];

let works: Works;
let mail: MailSink;
beforeAll(async () => {
  mail = await MailSink.open();
  works = await Works.open({ SMTP_URL: mail.url, MAIL_FROM: 'Books <books@example.com>' }, { INVOICE_NET_DAYS: '0' });
  // Two, each with its own clock: every step and every letter is due to both.
  await Promise.all([works.worker(), works.worker()]);
});
afterAll(async () => {
  await works.close();
  await mail.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
async function ask(method: string, path: string, body?: object): Promise<any> {
  const answer = await works.manage(path, { method, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
const post = (path: string, body: object) => ask('POST', path, body);

async function tokenOf({ client_id, client_secret }: MadeClient) {
  const headers = { authorization: basic(client_id, client_secret) };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'reports:read' });
  return json(`${works.api.url}/oauth2/token`, { body, headers });
}

/** A customer on a plan that gives what the scope of its client needs, and the invoice for it, finalized. */
async function owing() {
  const { id: customer } = await post('/api/customers', { name: 'Late', email: 'l@example.com', currency: 'EUR' });
  const client = await works.client({ scopes: ['reports:read'], customer_id: customer });
  const { id: subscription } = await post('/api/subscriptions', { customer_id: customer, plan: 'pro' });
  const token = await tokenOf(client);
  expect(token.status).toBe(200);
  const draft = await post('/api/invoices', { subscription_id: subscription, period: 'current' });
  const invoice = await post(`/api/invoices/${draft.id}/finalize`, {});
  expect(invoice).toMatchObject({ status: 'open', total: '4900', amount_due: '4900' });
  return { customer, client, subscription, invoice, finalized: Date.now() };
}
const stateOf = async (id: string): Promise<string> => (await ask('GET', `/api/subscriptions/${id}`)).state;
const whyNot = async (client: MadeClient) =>
  post('/api/explain', { client_id: client.client_id, question: { token: { scope: 'reports:read' } } });

test('who does not pay is reminded, warned and suspended, is told why, and works again with the payment', async () => {
  await ask('PUT', '/api/dunning-policy', { steps: STEPS });
  await post('/api/features', { key: 'reports', name: 'Reports', type: 'switch' });
  await post('/api/resources', {
    identifier: 'urn:reports',
    scopes: [{ name: 'reports:read', description: 'Read reports', feature: 'reports' }],
  });
  const price = { key: 'base', model: 'flat', currency: 'EUR', interval: 'month', amount: '4900' };
  await post('/api/plans', { key: 'pro', name: 'Pro', features: { reports: true }, prices: [price], publish: true });

  const { customer, client, subscription, invoice, finalized } = await owing();
  const [second] = [await owing()];
  const delays: Record<string, number> = {};
  const since = (what: string) => {
    delays[what] = Date.now() - finalized;
  };

  await waitFor('the warning', async () => (await stateOf(subscription)) === 'past_due', patience);
  since('past due');
  // It works on for the time of grace.
  expect((await tokenOf(client)).status).toBe(200);

  await waitFor('the refusal', async () => (await tokenOf(client)).status !== 200, patience);
  since('token refused');
  expect((await tokenOf(client)).body.error).toBe('invalid_scope');
  expect(await stateOf(subscription)).toBe('suspended');
  const why = await whyNot(client);
  expect(why.allowed).toBe(false);
  expect(why.chain).toContainEqual({
    step: 'invoice',
    id: invoice.id,
    result: 'informs',
    fact: expect.stringContaining(`Invoice ${invoice.number} was due at`),
  });
  expect(why.smallest_change).toMatchObject({ act: 'pay_invoice', target: invoice.id, also: [] });

  await waitFor('the last step', async () => (await dunned(invoice.id)).length === 3, patience);
  expect(await dunned(invoice.id)).toEqual(['remind', 'past_due', 'suspend']);

  // A part of it restores nothing; the rest restores everything, in the very transaction.
  await post(`/api/invoices/${invoice.id}/payments`, { amount: '900', reference: `part of ${invoice.number}` });
  expect((await tokenOf(client)).status).not.toBe(200);
  const paying = Date.now();
  await post(`/api/invoices/${invoice.id}/payments`, { amount: '4000', reference: `rest of ${invoice.number}` });
  expect((await tokenOf(client)).status).toBe(200);
  delays['token after the payment'] = Date.now() - paying;
  expect(await stateOf(subscription)).toBe('active');
  expect((await whyNot(client)).allowed).toBe(true);
  expect(await ask('GET', `/api/invoices/${invoice.id}`)).toMatchObject({ status: 'paid', amount_due: '0' });

  // What another customer owes is another matter; a void invoice is owed by nobody.
  await waitFor(
    'the other to be suspended',
    async () => (await stateOf(second.subscription)) === 'suspended',
    patience,
  );
  await post(`/api/invoices/${second.invoice.id}/void`, { reason: 'Sent by mistake' });
  expect(await stateOf(second.subscription)).toBe('active');
  expect((await tokenOf(second.client)).status).toBe(200);

  expect(await told(customer)).toEqual([
    ['invoice.dunned', 'remind'],
    ['invoice.dunned', 'past_due'],
    ['invoice.dunned', 'suspend'],
  ]);
  await waitFor('the letters', async () => mail.letters.length === 6, patience);
  const toldByMail = mail.letters.filter((letter) => letter.includes(invoice.number));
  expect(toldByMail.map((letter) => /^Subject: (.*)$/m.exec(letter)?.[1]?.trim())).toEqual([
    expect.stringMatching(`^Invoice ${invoice.number} was due on`),
    expect.stringMatching(`^Invoice ${invoice.number} was due on`),
    `Suspended: invoice ${invoice.number} is not paid`,
  ]);
  expect(toldByMail[0]).toMatch(/^From: Books <books@example.com>\r$/m);
  expect(toldByMail[0]).toMatch(/^To: l@example.com\r$/m);
  expect(toldByMail[0]).toContain('EUR 49.00 are open');
  expect(toldByMail[1]).toContain('works on until');
  process.stderr.write(`after the due date, in ms: ${JSON.stringify(delays)}\n`);
});

const dunned = async (invoice: string): Promise<string[]> => {
  const rows = await works.sql(
    `SELECT detail::json->>'act' AS act FROM audit_log WHERE action = 'invoice.dunned' AND target = $1 ORDER BY seq`,
    [`invoice:${invoice}`],
  );
  return rows.map(({ act }) => act);
};
const told = async (customer: string): Promise<string[][]> => {
  const rows = await works.sql(
    `SELECT type, data::json->>'act' AS act FROM outbox_event WHERE key = $1 AND type = 'invoice.dunned' ORDER BY seq`,
    [`customer:${customer}`],
  );
  return rows.map(({ type, act }) => [type, act]);
};

test('a letter that the mail server refuses is sent again later, and once', async () => {
  mail.letters.length = 0;
  mail.refuseNext = 1;
  await works.sql(
    `INSERT INTO mail_message (id, about, key, "to", subject, text, created_at, next_attempt_at)
     VALUES ('mail_1', 'test', 'test', 'l@example.com', 'Once', 'Only once', now(), now())`,
  );
  const letter = async () => (await works.sql(`SELECT * FROM mail_message WHERE id = 'mail_1'`))[0];
  await waitFor('the refusal', async () => (await letter()).attempts === 1, patience);
  expect(await letter()).toMatchObject({ sent_at: null, last_error: expect.stringContaining('Try again later') });
  expect((await letter()).next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 30_000);
  await works.sql(`UPDATE mail_message SET next_attempt_at = now() WHERE id = 'mail_1'`);
  await waitFor('the letter', async () => (await letter()).sent_at !== null, patience);
  expect(await letter()).toMatchObject({ attempts: 2, next_attempt_at: null, last_error: null });
  expect(mail.letters).toHaveLength(1);
  expect(mail.letters[0]).toMatch(/^Message-ID: <mail_1@example.com>\r$/m);
});
