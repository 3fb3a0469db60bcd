import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { waitFor } from '@bastionary/testing/wait-for';
import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const json64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A client assertion, RFC 7523 §3, made out to the issuer. */
const assertion = (clientId: string, issuer: string): Record<string, string> => {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 };
  const content = `${json64({ alg: 'ES256', typ: 'JWT', kid: 'partner-1' })}.${json64(claims)}`;
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${content}.${signature.toString('base64url')}`,
  };
};

// One life, told in order: each test goes on where the one before ended.
describeInChromium('an owner who looks after credentials', () => {
  const visit = new Visit({ env: { USAGE_FLUSH_MS: '100' } });
  const { press, heading, look, tab, told, button } = visit;
  const secrets: string[] = [];
  const shop = async () => (await visit.manage('/api/clients/shop')).body;

  test('creates a client that proves itself with a key; a private key never leaves the browser', async () => {
    await visit.page.goto('/clients/actions/create');
    await visit.page.getByLabel('Name').fill('Partner');
    await visit.page.getByLabel('Client id').fill('partner');
    await visit.page.getByRole('radio', { name: 'A private key of its own' }).click();
    await visit.page
      .getByRole('textbox', { name: 'Public keys' })
      .fill(JSON.stringify(privateKey.export({ format: 'jwk' })));
    await press('Next: scopes');
    await told('This is a private key');
    await look('43-wizard-key');
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'partner-1' };
    await visit.page.getByRole('textbox', { name: 'Public keys' }).fill(JSON.stringify({ keys: [jwk] }));
    await press('Next: scopes');
    await visit.page.getByLabel('read', { exact: true }).check();
    await press('Next: review');
    await press('Create the client');
    await heading('Partner is ready');
    await told('Issuer and subject');
    await look('44-wizard-key-created');
    const answer = await visit.askForToken({ scope: 'read', ...assertion('partner', visit.api.url) });
    expect([answer.status, answer.body.expires_in]).toEqual([200, 900]);
    await told('First token received');
    await press('Go to the client');
    await heading('Partner');
  });

  test('sees who uses a key, and from where', async () => {
    await tab('Credentials');
    await told('just now from 127.0.0.1');
    await told('partner-1');
    expect(await button('Rotate the secret').count()).toBe(0);
  });

  test('rotates a secret with an overlap: both work, and the old one is not said to be safe while it is used', async () => {
    const made = await visit.manage('/api/clients', {
      body: { client_id: 'shop', name: 'Shop', scopes: ['read', 'write'] },
    });
    secrets.push(made.body.client_secret);
    expect((await visit.askForToken({ scope: 'read' }, { id: 'shop', secret: secrets[0] ?? '' })).status).toBe(200);
    await visit.page.goto('/clients/shop?tab=credentials');
    await press('Rotate the secret');
    await visit.dialog.getByText('works on for 1 day').waitFor();
    await look('45-rotate');
    await visit.dialog.getByRole('button', { name: 'Rotate now' }).click();
    secrets.push((await visit.dialog.getByTestId('client-secret').textContent()) ?? '');
    await visit.dialog.getByLabel('I have stored the secret').check();
    await visit.dialog.getByRole('button', { name: 'Done' }).click();
    for (const secret of secrets) {
      expect((await visit.askForToken({ scope: 'read' }, { id: 'shop', secret })).status).toBe(200);
    }
    const cards = visit.page.getByRole('list', { name: 'Credentials' }).getByRole('listitem');
    await waitFor('both to be shown', async () => (await cards.count()) === 2);
    const old = cards.filter({ hasText: 'expires soon' });
    await old.getByText('from 127.0.0.1').waitFor();
    await old.getByRole('button', { name: 'Is it safe to retire?' }).click();
    await old.getByText('Not yet safe to retire').waitFor();
    await look('46-credentials');
  });

  test('a credential in use is deleted only by who insists, and its user is named', async () => {
    const old = visit.page.getByRole('listitem').filter({ hasText: 'expires soon' });
    await old.getByRole('button', { name: /^Actions on/ }).click();
    await visit.page.getByRole('menuitem', { name: 'Delete' }).click();
    await visit.dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await visit.dialog.getByText(/was used .* from 127\.0\.0\.1 by the client shop/).waitFor();
    await look('47-credential-delete');
    expect(await visit.dialog.getByRole('button', { name: 'Delete', exact: true }).isDisabled()).toBe(true);
    await visit.dialog.getByLabel('Delete it although it is in use').check();
    await visit.dialog.getByRole('button', { name: 'Delete it all the same' }).click();
    await visit.dialog.waitFor({ state: 'detached' });
    expect((await shop()).credentials).toHaveLength(1);
    expect((await visit.askForToken({}, { id: 'shop', secret: secrets[0] ?? '' })).status).toBe(401);
  });

  test('adds a secret with a label and an end, and edits them', async () => {
    await press('Add a secret');
    await visit.dialog.getByLabel('Label').fill('ci');
    await visit.dialog.getByLabel('Expiry').selectOption('30');
    await visit.dialog.getByRole('button', { name: 'Make the secret' }).click();
    await visit.dialog.getByLabel('I have stored the secret').check();
    await visit.dialog.getByRole('button', { name: 'Done' }).click();
    await press('Actions on ci');
    await visit.page.getByRole('menuitem', { name: 'Edit label and validity' }).click();
    await visit.dialog.getByLabel('Label').fill('ci, europe-west');
    await visit.dialog.getByRole('button', { name: 'Save' }).click();
    await told('ci, europe-west');
    const labels = (await shop()).credentials.map(({ label }: { label: string | null }) => label);
    expect(labels).toContain('ci, europe-west');
  });

  visit.endsWithoutComplaint();
});
