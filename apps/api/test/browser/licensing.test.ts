import { expect, jest, test } from '@jest/globals';
import { describeInChromium } from './browser.js';
import { Visit } from './visit.js';

jest.setTimeout(300_000);

// One life of a licence, told in order: each test goes on where the one before ended.
describeInChromium('an operator sells licences', () => {
  const visit = new Visit();
  const { press, button, heading, look, told, tab } = visit;
  let license = '';
  const confirm = (name: string) => visit.dialog.getByRole('button', { name, exact: true }).click();
  const field = (label: string | RegExp) => visit.page.getByLabel(label);
  const current = async () => (await visit.manage(`/api/licenses/${license}`)).body;

  test('writes a policy, and reads what it means while it is written', async () => {
    await visit.page.getByRole('link', { name: 'Licence policies' }).click();
    await told('No policy yet');
    await visit.page.getByRole('link', { name: 'Create a policy' }).click();
    await heading('Create a policy');
    await told('A licence may run on one machine, which it is locked to.');
    await field(/^Name/).fill('Studio');
    await visit.page.getByRole('radio', { name: 'Floating' }).click();
    await field('Machines at a time').fill('3');
    await told('A licence may run on up to 3 machines at a time.');
    await field('Lasts').fill('1');
    await told('It lasts 1 year from its creation.');
    await field('Tolerated beyond a limit').selectOption('ALLOW_1_5X_OVERAGE');
    await visit.page.getByText('This cannot be').waitFor();
    expect(await field('Machines at a time').getAttribute('aria-invalid')).toBe('true');
    await look('licensing-policy-fault');
    await field('Machines at a time').fill('2');
    await visit.page.getByText('This cannot be').waitFor({ state: 'detached' });
    await press('Create the policy');
    await heading('Studio');
    const [policy] = (await visit.manage('/api/license-policies')).body.data;
    expect(policy).toMatchObject({
      name: 'Studio',
      floating: true,
      max_machines: 2,
      duration: 'P1Y',
      overage_strategy: 'ALLOW_1_5X_OVERAGE',
      scheme: 'ED25519_SIGN',
    });
  });

  test('issues a licence under it, and has its key', async () => {
    await visit.page.getByRole('link', { name: 'Licences', exact: true }).click();
    await heading('Licences');
    await press('Issue a licence');
    await confirm('Issue the licence');
    await visit.dialog.getByText('choose one').waitFor();
    await visit.dialog
      .getByLabel(/^Policy/)
      .first()
      .fill('Stu');
    await visit.dialog.getByRole('option', { name: 'Studio' }).click();
    await visit.dialog.getByLabel('Name').fill('Night shift');
    await look('licensing-issue');
    await confirm('Issue the licence');
    const key = await visit.dialog.getByRole('region', { name: 'Licence key' }).textContent();
    expect(key).toMatch(/^key\//);
    await confirm('See the licence');
    await heading('Licence Night shift');
    license = visit.page.url().split('/').at(-1) ?? '';
    expect(await visit.page.content()).not.toContain(key);
    for (const name of ['desk', 'laptop']) {
      await visit.manage(`/api/licenses/${license}/machines`, { body: { fingerprint: `fp-${name}`, name } });
    }
    await visit.page.reload();
    await told('is valid');
    await visit.page.getByText('2 of 2').first().waitFor();
    await look('licensing-detail');
    await visit.page.goto('/licenses?search=night');
    await visit.page.getByRole('link', { name: 'Night shift' }).waitFor();
    await look('licensing-list');
  });

  test('asks what a program would be told, by its key', async () => {
    const { key } = await current();
    await visit.page.getByRole('link', { name: 'Validate' }).first().click();
    await heading('Validate');
    await field(/^Licence key or id/).fill(key);
    await field('Fingerprint of the machine').fill('fp-phone');
    await press('Validate');
    await told('FINGERPRINT_SCOPE_MISMATCH');
    await field('Fingerprint of the machine').fill('fp-desk');
    await press('Validate');
    await visit.page.getByRole('status', { name: 'Answer' }).getByText('VALID', { exact: true }).waitFor();
    expect(visit.page.url()).not.toContain('key');
    await look('licensing-validate');
  });

  test('reclaims a seat', async () => {
    await visit.page.goto(`/licenses/${license}?tab=machines`);
    await button('Reclaim the seat of laptop').waitFor();
    await look('licensing-machines');
    await press('Reclaim the seat of laptop');
    await confirm('Reclaim the seat');
    await told('The seat is free');
    await visit.page.getByText('1 of 2').first().waitFor();
    expect((await current()).machines).toBe(1);
  });

  test('reissues a leaked key in one step, and suspends the licence', async () => {
    const { key: leaked } = await current();
    await press('Reissue the key');
    await visit.dialog.getByLabel('Reason').fill('stood in a public repository');
    await confirm('Reissue the key');
    await visit.dialog.getByRole('region', { name: 'Licence key' }).waitFor();
    const { key } = await current();
    expect((await visit.dialog.getByRole('region', { name: 'Licence key' }).textContent()) === key).toBe(true);
    expect(key === leaked).toBe(false);
    await confirm('See the licence');
    await press('Actions');
    await visit.page.getByRole('menuitem', { name: 'Suspend' }).click();
    await confirm('Suspend');
    await told('This licence is suspended');
    expect(await current()).toMatchObject({ status: 'SUSPENDED', suspensions: ['operator'], machines: 1 });
    await tab('Files');
    await look('licensing-files');
  });

  test('rotates the key that signs', async () => {
    const before = (await visit.manage('/api/license-keys')).body;
    await visit.page.getByRole('link', { name: 'Licence keys' }).click();
    await heading('Licence keys');
    await press('Rotate a key');
    await confirm('Rotate the key');
    await told('Another key signs from now on');
    await visit.page
      .getByText(/^retired$/)
      .first()
      .waitFor();
    await look('licensing-keys');
    const after = (await visit.manage('/api/license-keys')).body;
    expect(after.version).toBe(before.version + 1);
  });

  visit.endsWithoutComplaint();
});
