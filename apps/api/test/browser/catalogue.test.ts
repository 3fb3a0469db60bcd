import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// One life, told in order: each test goes on where the one before ended.
describeInChromium('an owner who decides what is sold', () => {
  const visit = new Visit();
  const { press, heading, look, tab, told, button } = visit;
  const inDialog = (name: string) => visit.dialog.getByRole('button', { name, exact: true });
  const row = (table: string, words: string | RegExp) =>
    visit.page.getByRole('table', { name: table }).getByRole('row').filter({ hasText: words });
  const plan = async () => (await visit.manage('/api/plans/pro')).body;
  const customers: string[] = [];
  const changes = (words: string) => visit.page.getByRole('region', { name: 'What changes' }).getByText(words);

  const addFeature = async (name: string, type: string, fill: () => Promise<void> = async () => undefined) => {
    await press('Add a feature');
    await visit.dialog.getByLabel('Name').fill(name);
    await visit.dialog.getByRole('radio', { name: type, exact: true }).click();
    await fill();
    await inDialog('Add the feature').click();
    await visit.dialog.waitFor({ state: 'detached' });
  };

  test('adds features: a switch, two limits, a value; what is wrong is said at its field', async () => {
    await visit.page.getByRole('link', { name: 'Catalogue' }).click();
    await heading('Catalogue');
    await told('No plans yet');
    await look('60-catalogue-empty');
    await tab('Features');
    await told('No features yet');
    await press('Add a feature');
    await visit.dialog.getByLabel('Name').fill('API calls');
    await visit.dialog.getByRole('radio', { name: 'Limit', exact: true }).click();
    await visit.dialog.getByRole('textbox', { name: 'Default' }).fill('a lot');
    await inDialog('Add the feature').click();
    await visit.dialog.getByText('must be a whole number').waitFor();
    await look('61-feature-create');
    await visit.dialog.getByRole('textbox', { name: 'Default' }).fill('100');
    await inDialog('Add the feature').click();
    await visit.dialog.waitFor({ state: 'detached' });
    await addFeature('Single sign-on', 'Switch', () => visit.dialog.getByLabel('Key').fill('sso'));
    await addFeature('Seats', 'Limit', async () => {
      await visit.dialog.getByRole('radio', { name: 'Sum', exact: true }).click();
      await visit.dialog.getByRole('textbox', { name: 'Default' }).fill('1');
    });
    await addFeature('Support', 'Value', async () => {
      await visit.dialog.getByText('Text', { exact: true }).click();
      await visit.dialog.getByRole('textbox', { name: 'Default' }).fill('community');
    });
    const { data } = (await visit.manage('/api/features')).body;
    const made = data.map((one: Record<string, unknown>) => [one.key, one.type, one.combine, one.default]);
    expect(made).toEqual([
      ['api_calls', 'limit', 'max', 100],
      ['seats', 'limit', 'sum', 1],
      ['sso', 'switch', 'any', false],
      ['support', 'value', 'latest', 'community'],
    ]);
  });

  test('creates a plan, writes its first version, publishes it', async () => {
    await tab('Plans');
    await press('Create a plan');
    await visit.dialog.getByLabel('Name').fill('Pro');
    expect(await visit.dialog.getByLabel('Key').inputValue()).toBe('pro');
    await look('62-plan-create');
    await inDialog('Create the plan').click();
    await heading('Pro');
    await told('Version 1, a draft');
    await press('Grant API calls');
    await visit.page.getByRole('textbox', { name: 'API calls' }).fill('1,000');
    await press('Grant Seats');
    await visit.page.getByRole('textbox', { name: 'Seats' }).fill('five');
    await press('Add a price');
    await visit.page.getByLabel('Amount').fill('30');
    await visit.page.getByLabel('Trial in days').fill('14');
    await press('Save the draft');
    await told('must be a whole number');
    await look('63-draft');
    await visit.page.getByRole('textbox', { name: 'Seats' }).fill('5');
    await press('Save the draft');
    await told('The draft is saved.');
    const [{ features, prices, trial_days }] = (await plan()).versions;
    expect([features, trial_days, prices]).toEqual([
      { api_calls: 1_000, seats: 5 },
      14,
      [
        {
          key: 'base',
          model: 'flat',
          amount: '3000',
          currency: 'EUR',
          interval: 'month',
          interval_count: 1,
          timing: 'in_advance',
        },
      ],
    ]);
    await press('Publish');
    await visit.dialog.getByText('€30.00 per month').waitFor();
    await inDialog('Publish version 1').click();
    await told('Version 1, published');
    expect((await plan()).current_version).toBe(1);
  });

  test('edits the next version as a draft: what changes stands there in words', async () => {
    for (const name of ['Acme GmbH', 'Northwind Ltd', 'Zenit SARL']) {
      const body = { name, email: `${name.slice(0, 4)}@example.com`, currency: 'EUR' };
      const { id } = (await visit.manage('/api/customers', { body })).body;
      customers.push(id);
      await visit.manage('/api/subscriptions', { body: { customer_id: id, plan: 'pro' } });
    }
    await visit.page.reload();
    await press('New version from version 1');
    await told('Version 2, a draft');
    await changes('Nothing: it grants and costs the same as version 1.').waitFor();
    await visit.page.getByRole('textbox', { name: 'API calls' }).fill('5000');
    await press('Grant Single sign-on');
    await press('Do not grant Seats');
    await changes('1,000 → 5,000').waitFor();
    await changes('on added').waitFor();
    await changes('5 removed').waitFor();
    await look('64-draft-changes');
    expect(await button('Publish').isDisabled()).toBe(true);
    await press('Save the draft');
    await told('api_calls 1,000 → 5,000; seats removed (5); sso added');
  });

  test('somebody who was faster is not overwritten', async () => {
    await visit.page.getByRole('textbox', { name: 'API calls' }).fill('6000');
    const { features, prices, trial_days } = (await plan()).versions[0];
    const body = { features: { ...features, api_calls: 7_000 }, prices, trial_days };
    await visit.manage('/api/plans/pro/versions/2', { method: 'PUT', body });
    await press('Save the draft');
    await told('The plan was changed meanwhile');
    await press('Load what is there now');
    await changes('1,000 → 7,000').waitFor();
    await visit.page.getByRole('textbox', { name: 'API calls' }).fill('5000');
    await press('Save the draft');
    await changes('1,000 → 5,000').waitFor();
    await visit.page.getByRole('region', { name: 'Changes', exact: true }).waitFor({ state: 'detached' });
  });

  test('sees who would gain or lose what before publishing, and publishes', async () => {
    await press('Publish');
    await visit.dialog.getByText('3 customers are affected.').waitFor();
    await visit.dialog.getByText('Northwind Ltd').waitFor();
    await look('65-publish');
    await inDialog('Publish version 2').click();
    await told('Version 2, published');
    await told('3 subscriptions are on other versions');
    await look('66-plan');
    expect((await plan()).current_version).toBe(2);
    const { features } = (await visit.manage(`/api/customers/${customers[0]}/entitlements`)).body;
    expect(features).toMatchObject({ api_calls: 1_000, sso: false });
  });

  test('moves the subscriptions to it, after a look at what that means', async () => {
    await press('Move subscriptions');
    await visit.dialog.getByRole('radio', { name: 'Now' }).click();
    await visit.dialog.getByText('3 customers are affected.').waitFor();
    await look('67-move');
    await inDialog('Move 3 subscriptions').click();
    await visit.dialog.getByText('3 on pro@2 now.').waitFor();
    await inDialog('Done').click();
    await row('Versions', 'Version 2').getByRole('cell', { name: '3', exact: true }).waitFor();
    expect(await visit.page.getByText('subscriptions are on other versions').count()).toBe(0);
    const { features, plans } = (await visit.manage(`/api/customers/${customers[0]}/entitlements`)).body;
    expect([plans, features.api_calls, features.sso, features.seats]).toEqual([['pro@2'], 5_000, true, 1]);
  });

  test('retires the version nobody is on any more', async () => {
    await visit.page.getByRole('link', { name: 'Version 1' }).click();
    await press('Retire');
    await visit.dialog.getByText('Nobody is on it.').waitFor();
    await inDialog('Retire the version').click();
    await told('Version 1 is retired.');
    await row('Versions', 'Version 1').getByText('retired').waitFor();
    await visit.page.getByRole('link', { name: 'Version 1' }).click();
    await visit.page.getByLabel('Compare with').waitFor();
    await changes('5,000 → 1,000').waitFor();
  });

  test('a new default shows whom it reaches; a feature in use is not deleted', async () => {
    await visit.page.goto('/catalogue?tab=features');
    await press('Actions on seats');
    await visit.page.getByRole('menuitem', { name: 'Edit' }).click();
    await visit.dialog.getByRole('textbox', { name: 'Default' }).fill('2');
    await inDialog('Save').click();
    await visit.dialog.getByText('3 customers are affected.').waitFor();
    await look('68-default');
    await inDialog('Save the new default').click();
    await told('Seats is saved.');
    await row('Features', 'Seats').getByRole('cell', { name: '2', exact: true }).waitFor();
    await look('69-features');
    await press('Actions on sso');
    await visit.page.getByRole('menuitem', { name: 'Delete' }).click();
    await inDialog('Delete the feature').click();
    await visit.dialog.getByText(/The feature sso is used by/).waitFor();
    await inDialog('Cancel').click();
  });

  test('the comparison shows every plan and add-on beside the others', async () => {
    const publish = true;
    const prices = [{ model: 'flat', amount: '0', currency: 'EUR' }];
    await visit.manage('/api/plans', { body: { key: 'free', name: 'Free', features: {}, prices, publish } });
    const enterprise = { features: { api_calls: null, sso: true, seats: 50, support: { tier: 'gold' } }, publish };
    await visit.manage('/api/plans', { body: { key: 'enterprise', name: 'Enterprise', ...enterprise } });
    const pack = { features: { seats: 5 }, prices: [{ model: 'flat', amount: '950', currency: 'EUR' }], publish };
    await visit.manage('/api/plans', { body: { key: 'seat_pack', name: 'Seat pack', kind: 'add_on', ...pack } });
    await visit.page.reload();
    await tab('Plans');
    await row('Add-ons', 'Seat pack').waitFor();
    await look('70-plans');
    await tab('Comparison');
    const cells = row('Plans and features', 'API calls').getByRole('cell');
    expect(await cells.allTextContents()).toEqual(['unlimited', '100', '5,000', '–']);
    await look('71-comparison');
    await row('Plans and features', 'Seats').getByText('+5').waitFor();
  });

  test('the catalogue as a document: edited, checked, applied', async () => {
    await tab('As code');
    await press('Copy');
    const copied = await visit.page.evaluate<string>('navigator.clipboard.readText()');
    const document = JSON.parse(copied);
    expect(document).toEqual((await visit.manage('/api/catalogue')).body);
    const area = visit.page.getByRole('textbox', { name: 'Document' });
    await press('Begin with what there is');
    expect(await area.inputValue()).toBe(copied);
    await area.fill(copied.slice(0, -1));
    await press('Check what would change');
    await told('is not JSON');
    const pro = document.plans.find(({ key }: { key: string }) => key === 'pro');
    pro.versions[1].features.api_calls = 9_000;
    await area.fill(JSON.stringify(document));
    await press('Check what would change');
    await told('plans › pro › versions › 2');
    await told('is published and never changes');
    await look('72-document-refused');
    pro.versions[1].features.api_calls = 5_000;
    pro.versions.push({ version: 3, status: 'draft', features: { ...pro.versions[1].features, audit: true } });
    document.features.push({ key: 'audit', name: 'Audit export', type: 'switch' });
    document.features.find(({ key }: { key: string }) => key === 'support').default = 'e-mail';
    await area.fill(JSON.stringify(document, null, 2));
    await press('Check what would change');
    await told('community → e-mail');
    await told('pro, version 3');
    await look('73-document-checked');
    expect((await plan()).versions).toHaveLength(2);
    await press('Apply 3 changes');
    await told('What has changed');
    await told('The catalogue says what the document says.');
    expect((await plan()).versions[0]).toMatchObject({ version: 3, status: 'draft', features: { audit: true } });
    await press('Check what would change');
    await told('Nothing: the catalogue says what the document says.');
  });

  test('gives up a draft; a plan that does not exist is said not to', async () => {
    await visit.page.goto('/catalogue/plans/pro');
    await told('Version 3, a draft');
    await press('Discard');
    await inDialog('Discard the draft').click();
    await told('The draft is given up.');
    expect((await plan()).versions[0]).toMatchObject({ version: 3, status: 'retired', published_at: null });
    await visit.page.goto('/catalogue/plans/none');
    await told('There is no such plan');
  });

  visit.endsWithoutComplaint();
});
