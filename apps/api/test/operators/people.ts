import { generateSync } from 'otplib';
import type { House } from '../support.js';
import { Browser, PASSWORD, secretOf } from './browser.js';

/** The owner, signed in; to be called once for a house. */
export async function ownerOf(house: House): Promise<Browser> {
  const browser = new Browser(house.api.url);
  await browser.redeem(secretOf(house.api.firstRun?.sign_in_link));
  await browser.setPassword();
  return browser;
}

/** Somebody with a role, invited by the owner and signed in by link and password. */
export async function somebody(house: House, owner: Browser, role: string, email = `${role}@example.com`) {
  const invited = await owner.send('POST', '/api/operators', { email, name: `Some ${role}`, role });
  if (invited.status !== 201) throw new Error(`Not invited: ${JSON.stringify(invited.body)}`);
  const browser = new Browser(house.api.url);
  await browser.redeem(secretOf(invited.body.sign_in_link));
  const set = await browser.setPassword(PASSWORD, email);
  if (set.status !== 200) throw new Error(`No password: ${JSON.stringify(set.body)}`);
  return { browser, email, id: invited.body.operator.id as string };
}

/** The code of an authenticator app, so many time steps from now. */
export const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + 30 * steps });

/** Enrols an authenticator app. @returns its secret and the recovery codes */
export async function enrolTotp(browser: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await browser.send('POST', '/api/session/totp');
  // The code of the step before: the one of now is left for what comes next.
  const code = codeOf(begun.body.secret, -1);
  const confirmed = await browser.send('POST', '/api/session/totp/confirm', { code });
  if (confirmed.status !== 200) throw new Error(`Not enrolled: ${JSON.stringify(confirmed.body)}`);
  return { secret: begun.body.secret, recoveryCodes: confirmed.body.recovery_codes };
}

/** Makes every proof of an operator old. */
export const makeStale = (house: House) =>
  house.sql(`UPDATE operator_session SET proven_at = now() - interval '601 seconds'`);
