import { waitFor } from '@bastionary/testing/wait-for';
import { WebhookSink } from '@bastionary/testing/webhook-sink';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// One life of an endpoint, told in order: each test goes on where the one before ended.
describeInChromium('an operator sends events to an address of their own', () => {
  // What fails is tried once more, a second later, and then given up.
  const env = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1', WEBHOOK_RETRY_SECONDS: '1' };
  const visit = new Visit({ worker: true, env });
  const { press, button, heading, look, told } = visit;
  let sink: WebhookSink;
  let secret: string;
  beforeAll(async () => {
    sink = await WebhookSink.open();
  });
  afterAll(() => sink?.kill());

  const act = async (name: string) => {
    await press('Actions');
    await visit.page.getByRole('menuitem', { name, exact: true }).click();
  };
  const row = (words: string | RegExp) => visit.page.getByRole('row').filter({ hasText: words });
  /** How many secrets the newest request is signed with. That they verify, the worker's tests prove. */
  const signatures = () => String(sink.received.at(-1)?.headers['webhook-signature']).split(' ').length;
  const readSecret = async () => {
    await visit.dialog.getByText('The secret is shown only now').waitFor();
    return ((await visit.dialog.getByRole('region', { name: 'Signing secret' }).textContent()) ?? '').trim();
  };
  const stored = async () => {
    await visit.dialog.getByLabel('I have stored the secret').check();
    await visit.dialog.getByRole('button', { name: 'Done' }).click();
  };
  const client = (name: string) => visit.manage('/api/clients', { body: { client_id: name, scopes: ['read'] } });

  test('adds an endpoint; a wrong address is refused with its reason', async () => {
    await visit.page.getByRole('link', { name: 'Webhooks' }).click();
    await heading('Webhooks');
    await told('No endpoint yet');
    await press('Add endpoint');
    await visit.dialog.getByLabel('URL').fill('https://10.0.0.1/in');
    await visit.dialog.getByRole('button', { name: 'Add endpoint' }).click();
    await visit.dialog.getByText('leads to an address that is not public').waitFor();
    await visit.dialog.getByLabel('URL').fill(`${sink.url}/in`);
    await visit.dialog.getByLabel('Events').fill('client.*');
    await visit.dialog.getByLabel('Description').fill('Into the CRM');
    await look('webhooks-add');
    await visit.dialog.getByRole('button', { name: 'Add endpoint' }).click();
  });

  test('sees the signing secret once, and cannot leave it by accident', async () => {
    secret = await readSecret();
    expect(secret).toMatch(/^whsec_/);
    await look('webhooks-secret');
    await visit.page.keyboard.press('Escape');
    await visit.page.keyboard.press('Control+k');
    expect(await visit.page.getByRole('dialog').count()).toBe(1);
    await stored();
    await visit.page.getByRole('link', { name: `${sink.url}/in` }).click();
    await heading('Into the CRM');
    expect(await visit.page.content()).not.toContain(secret);
  });

  test('sends a test event, and finds what was sent and answered', async () => {
    await press('Send test event');
    await told('The test event is on its way');
    await waitFor('the test event', () => sink.received.length === 1);
    expect(signatures()).toBe(1);
    await row('webhook.test').getByText('delivered').waitFor();
    await row('webhook.test').getByRole('button', { name: 'Show' }).click();
    await told('Attempt 1');
    await press('Hide');
  });

  test('what is given up is a dead letter, and is sent again alone', async () => {
    sink.reply = () => ({ status: 503, body: 'not now' });
    await client('first');
    await row('client.created').getByText('dead').waitFor();
    await row('client.created').getByRole('button', { name: 'Show' }).click();
    await told('it answers 503');
    await look('webhooks-dead');
    sink.reply = () => 200;
    await visit.page.getByRole('button', { name: 'Send again', exact: true }).click();
    await told('It is sent again');
    await waitFor('the event', () => sink.accepted().some(({ type }) => type === 'client.created'));
    await row('client.created').getByText('delivered').waitFor();
  });

  test('sends again what happened in a range, dead letters only or all', async () => {
    sink.reply = () => 500;
    await client('second');
    await client('third');
    await waitFor('two dead letters', async () => {
      const [one] = (await visit.manage('/api/webhooks')).body.data;
      return one.dead === 2;
    });
    const count = visit.page.locator('dl > div').filter({ hasText: 'Dead letters' });
    await count.getByText('2', { exact: true }).waitFor();
    sink.reply = () => 200;
    await visit.page.getByLabel('State').selectOption('dead');
    await act('Send again what happened');
    expect(await visit.dialog.getByLabel('Only dead letters').isChecked()).toBe(true);
    await look('webhooks-replay');
    await visit.dialog.getByRole('button', { name: 'Send again' }).click();
    await told('2 deliveries are made');
    await visit.page.getByLabel('State').selectOption('');
    await act('Send again what happened');
    await visit.dialog.getByLabel('Only dead letters').uncheck();
    await visit.dialog.getByLabel('Events').fill('client.nothing');
    await visit.dialog.getByRole('button', { name: 'Send again' }).click();
    await visit.dialog.getByText('is not a type of event').waitFor();
    await visit.dialog.getByLabel('Events').fill('client.created');
    await visit.dialog.getByRole('button', { name: 'Send again' }).click();
    // The first run's client is among them: a range does not ask since when somebody listens.
    await told('4 deliveries are made');
    const ids = () => sink.received.filter(({ accepted }) => accepted).map(({ data }) => data.client_id);
    await waitFor('all of them', () => ids().filter((id) => id === 'third').length === 2);
    await look('webhooks-detail');
  });

  test('rotates the secret: for a day both sign', async () => {
    await act('Rotate the signing secret');
    await visit.dialog.getByLabel('Overlap in hours').fill('soon');
    expect(await visit.dialog.getByRole('button', { name: 'Rotate now' }).isDisabled()).toBe(true);
    await visit.dialog.getByLabel('Overlap in hours').fill('24');
    await visit.dialog.getByRole('button', { name: 'Rotate now' }).click();
    const fresh = await readSecret();
    await stored();
    await told('signs until');
    const before = sink.received.length;
    await press('Send test event');
    await waitFor('the test event', () => sink.received.length > before);
    expect([fresh === secret, signatures()]).toEqual([false, 2]);
  });

  test('disables it, sees that nothing can be sent, and removes it', async () => {
    await act('Disable');
    await told('Nothing is sent any more');
    await visit.page.getByText('disabled', { exact: true }).waitFor();
    expect(await button('Send test event').isDisabled()).toBe(true);
    await visit.page.goto('/webhooks');
    await row('Into the CRM').or(row(sink.url)).first().waitFor();
    await look('webhooks-list');
    await visit.page.getByRole('link', { name: `${sink.url}/in` }).click();
    await act('Remove');
    await visit.dialog.getByRole('button', { name: 'Remove' }).click();
    await told('No endpoint yet');
    expect((await visit.manage('/api/webhooks')).body).toEqual({ data: [] });
  });

  visit.endsWithoutComplaint();
});
