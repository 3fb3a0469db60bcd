import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

const IN_FIVE_DAYS = new Date(Date.now() + 5 * 86_400_000).toISOString();

describeInChromium('an owner who looks after the installation', () => {
  const visit = new Visit({ worker: true, env: { USAGE_FLUSH_MS: '100', AUDIT_CHECKPOINT_SECONDS: '1' } });
  const { press, heading, look, told, button } = visit;
  const kids = async (state: string): Promise<string[]> => {
    const { data } = (await visit.manage('/api/signing-keys')).body;
    return data.filter((key: { state: string }) => key.state === state).map(({ kid }: { kid: string }) => kid);
  };

  test('sees on the first page what expires soon, and goes there', async () => {
    await visit.manage('/api/clients', {
      body: { client_id: 'shop', name: 'Shop', scopes: ['read'], expiry: IN_FIVE_DAYS },
    });
    await visit.page.goto('/');
    await told('Expires soon');
    await look('60-overview');
    await visit.page.getByRole('region', { name: 'Expires soon' }).getByRole('link').first().click();
    await heading('Shop');
  });

  test('sees the life of the keys, and rotates as planned', async () => {
    await visit.page.getByRole('link', { name: 'Signing keys' }).click();
    await visit.page.getByRole('list', { name: 'Keys in use' }).getByText('active', { exact: true }).waitFor();
    await look('61-signing-keys');
    const before = await kids('active');
    await press('Rotate now');
    await visit.dialog.getByLabel('Reason').fill('A colleague has left');
    await look('62-rotate-keys');
    await visit.dialog.getByRole('button', { name: 'Rotate now' }).click();
    await told('The keys are rotated');
    // The next key is not ten minutes old: no verifier is to meet a key that it could not have fetched.
    expect(await kids('active')).toEqual(before);
  });

  test('in an emergency replaces every key, having read what that does and how many tokens it kills', async () => {
    const before = [...(await kids('active')), ...(await kids('next'))];
    await press('Emergency rotation');
    const replace = visit.dialog.getByRole('button', { name: 'Replace every key' });
    await visit.dialog.getByText(/live tokens? will be dead/).waitFor();
    await visit.dialog.getByLabel('Reason').fill('A backup was stolen');
    expect(await replace.isDisabled()).toBe(true);
    await visit.dialog.getByLabel('Type replace every key to confirm').fill('replace every key');
    await look('63-emergency');
    await replace.click();
    await told('Every key is replaced.');
    await visit.page.getByRole('heading', { name: 'Retired' }).waitFor();
    for (const kid of before) await visit.page.getByRole('table').getByText(kid).waitFor();
    await look('64-signing-keys-replaced');
  });

  test('sees that the audit log is what was sealed, and how to verify it elsewhere', async () => {
    await visit.page.getByRole('link', { name: 'Audit log' }).click();
    await told('The log is what was sealed');
    await visit.page.reload();
    await visit.page
      .getByRole('row', { name: /signing_key\.created/ })
      .first()
      .waitFor();
    await press('Verify it yourself');
    await told('npm run audit:verify');
    await visit.page.getByText(/up to record \d/).waitFor();
    await look('65-audit');
    expect(await visit.page.getByRole('link', { name: 'Export' }).getAttribute('href')).toBe('/api/audit/export');
    expect(await button(/^Copy public key$/).count()).toBe(1);
  });

  visit.endsWithoutComplaint();
});
