// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { askToken, basic } from '../ask.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */
/** @typedef {import('../subjects/subject.mjs').Client} Client */

/**
 * One answer for each way in which a secret fails.
 * @param {Subject} subject
 * @returns {Promise<{ answers: [label: string, answer: import('../send.mjs').Answer][] }>}
 */
export async function refusals(subject) {
  const client = await clientOf(subject, 'secret');
  const wrong = { ...client, secret: 'wrong-secret-of-some-length' };
  /** @type {[string, Client][]} */
  const failing = [
    ['unknown client', { ...wrong, id: 'nobody-of-that-name' }],
    ['wrong secret', wrong],
  ];
  if (subject.management) failing.push(...(await endedClients(subject, subject.management)));
  const answers = await Promise.all(
    failing.map(async ([label, { id, secret }]) => {
      const answer = await askToken(subject, null, { headers: { authorization: basic(id, secret) } });
      return /** @type {[string, import('../send.mjs').Answer]} */ ([label, answer]);
    }),
  );
  return { answers };
}

/** @param {Subject} subject @param {NonNullable<Subject['management']>} management @returns {Promise<[string, Client][]>} */
async function endedClients(subject, management) {
  const suspended = await subject.register();
  await management.change(suspended, { status: 'suspended' });
  const deleted = await subject.register();
  await management.remove(deleted);
  const expired = await subject.register({ expiry: '2024-12-31T23:59:59Z' });
  const owner = await subject.register();
  const expires = Date.now() + 3_000;
  const credential = { kind: 'secret', expires_at: new Date(expires).toISOString() };
  const { json } = await management.do('POST', `/clients/${owner.id}/credentials`, credential);
  await sleep(Math.max(0, expires + 50 - Date.now()));
  return [
    ['suspended client', suspended],
    ['deleted client', deleted],
    ['expired client', expired],
    ['expired secret', { ...owner, secret: json.client_secret }],
  ];
}
