// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { askToken, introspect, refresh, revoke } from '../ask.mjs';
import { inactive, invalidClient, invalidGrant, invalidScope, issued, issuedWithScope } from '../expectations.mjs';
import { clientOf } from '../subjects/subject.mjs';

/** @typedef {import('../subjects/subject.mjs').Subject} Subject */

/** Long enough that a consumed token is consumed for good. @param {Subject} subject */
const passGrace = ({ graceSeconds }) => sleep(graceSeconds === null ? 0 : graceSeconds * 1_000 + 300);

/** @param {Subject} subject @param {string} [scope] */
async function granted(subject, scope) {
  const client = await clientOf(subject, 'refresh');
  return { client, ...(await subject.grantWithRefresh(client, scope)) };
}

/** Refresh tokens, which a client has to opt into. @type {import('../trial.mjs').Statement[]} */
export const refreshTokens = [
  {
    id: 48,
    clause: 'RFC 6749 §6, §10.4',
    demand: 'bound to its client, which authenticates; another client gets invalid_grant',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject);
      const other = await clientOf(subject, 'otherRefresh');
      const form = { grant_type: 'refresh_token', refresh_token };
      trial.answer('no client', await askToken(subject, null, { form }), invalidClient);
      trial.answer('another client', await refresh(subject, other, refresh_token), invalidGrant);
      trial.answer('its client, still', await refresh(subject, client, refresh_token), issued);
    },
  },
  {
    id: 49,
    clause: 'RFC 6749 §5.2',
    demand: 'unknown, malformed or revoked is 400 invalid_grant',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject);
      await revoke(subject, client, refresh_token);
      const flipped = refresh_token.slice(0, -1) + (refresh_token.endsWith('A') ? 'B' : 'A');
      const tokens = {
        revoked: refresh_token,
        'one character off': flipped,
        unknown: 'x'.repeat(43),
        'a JWT': 'a.b.c',
      };
      await trial.each(
        Object.entries(tokens).map(([label, token]) => [label, () => refresh(subject, client, token), invalidGrant]),
      );
    },
  },
  {
    id: 50,
    clause: 'RFC 6749 §6',
    demand: 'scope may shrink, not grow; the next refresh token keeps the first scope',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject, 'read write');
      const less = await refresh(subject, client, refresh_token, { form: { scope: 'read' } });
      trial.answer('less', less, issuedWithScope('read'));
      const again = await refresh(subject, client, less.json.refresh_token ?? refresh_token);
      trial.answer('all of it again', again, issuedWithScope('read write'));
      const small = await granted(subject, 'read');
      const more = await refresh(subject, client, small.refresh_token, { form: { scope: 'read write' } });
      trial.answer('more', more, invalidScope);
    },
  },
  {
    id: 51,
    clause: 'RFC 9700 §4.14.2',
    demand: 'a new one each time; a used one again, after the grace: invalid_grant, and the whole family dead',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject);
      const second = await refresh(subject, client, refresh_token);
      const third = await refresh(subject, client, second.json.refresh_token);
      const all = [refresh_token, second.json.refresh_token, third.json.refresh_token];
      trial.check('a new one each time', new Set(all).size === 3, 'the same came again');
      await passGrace(subject);
      trial.answer('used one', await refresh(subject, client, refresh_token), invalidGrant);
      trial.answer('newest of the family', await refresh(subject, client, third.json.refresh_token), invalidGrant);
      for (const { json } of [second, third]) {
        trial.answer('access token of the family', await introspect(subject, client, json.access_token), inactive);
      }
    },
  },
  {
    id: 52,
    clause: 'RFC 9700 §4.14.2',
    demand: '50 at once with one token: one successor, the same for all who get any',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject);
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(subject, client, refresh_token)));
      const successors = new Set(answers.flatMap(({ json }) => json.refresh_token ?? []));
      trial.check('successors', successors.size === 1, `${successors.size} refresh tokens came`);
      const others = answers.filter((answer) => !issued.holds(answer));
      for (const answer of others) trial.answer('a loser', answer, invalidGrant);
    },
  },
  {
    id: 53,
    clause: 'RFC 9700 §4.14.2',
    demand: 'a successor expires when its ancestor would have',
    async run(subject, trial) {
      const { client, refresh_token } = await granted(subject);
      const ends = Date.now() + subject.refreshSeconds * 1_000;
      await sleep((subject.refreshSeconds * 1_000) / 2);
      const successor = await refresh(subject, client, refresh_token);
      trial.answer('in time', successor, issued);
      await sleep(ends + 700 - Date.now());
      trial.answer('past the first expiry', await refresh(subject, client, successor.json.refresh_token), invalidGrant);
    },
  },
  {
    id: 54,
    clause: 'RFC 9700 §4.14.2',
    demand: 'the grace for a retry gives the same successor, ends, and is not renewed by using it',
    async run(subject, trial) {
      const graceSeconds = trial.needed(subject.graceSeconds, 'it has no grace');
      const { client, refresh_token } = await granted(subject);
      const first = await refresh(subject, client, refresh_token);
      const ends = Date.now() + graceSeconds * 1_000;
      await sleep(graceSeconds * 400);
      const retry = await refresh(subject, client, refresh_token);
      const same = retry.json.refresh_token === first.json.refresh_token;
      trial.check('retry', same && retry.status === 200, `${retry.status} ${retry.json.error ?? 'another successor'}`);
      await sleep(Math.max(0, ends + 300 - Date.now()));
      trial.answer('after the grace', await refresh(subject, client, refresh_token), invalidGrant);
    },
  },
];
