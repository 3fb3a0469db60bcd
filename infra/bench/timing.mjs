// @ts-check
import { generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBastionary } from './bastionary.mjs';
import { mannWhitney } from './mann-whitney.mjs';
import { printVerdicts } from './report.mjs';
import { basic } from './subject.mjs';

// Few at a time: a queue in front of the server would hide what it does.
const AT_ONCE = 4;
// Guesses at one client wait for each other, as those at one unknown id do: at many, none waits.
const GUESSED_CLIENTS = 20;
// As long as guessing is not stopped: a 429 comes at once, to both.
const GUESSING = { WRONG_SECRET_ATTEMPTS: '1000000', WRONG_SECRET_ATTEMPTS_PER_ADDRESS: '1000000' };
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** @typedef {() => RequestInit} Attempt one that must fail, different every time */
/** @typedef {{ unknown: Attempt, wrong: Attempt }} Pair */

/**
 * Whether the time of a refusal tells an unknown client from a wrong secret or key (N27), at the default FAILED_AUTHENTICATION_MS.
 * @param {import('./options.mjs').Options} options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function timingBench({ samples }, folder, started) {
  const { subject } = await startBastionary(folder, started, GUESSING);
  const pairs = await makePairs(subject.url, folder);
  const contestants = [];
  const verdicts = [];
  for (const [name, pair] of Object.entries(pairs)) {
    started.signal.throwIfAborted();
    const times = await measure(`${subject.url}${subject.paths.token}`, pair, samples);
    const medians = { unknown: median(times.unknown), wrong: median(times.wrong) };
    contestants.push({ name, medians, rounds: times });
    console.log(
      `${name}: ${samples} each, medians ${medians.unknown.toFixed(2)} ms unknown, ${medians.wrong.toFixed(2)} ms wrong`,
    );
    verdicts.push(
      { name: `${name}: Mann–Whitney p`, value: mannWhitney(times.unknown, times.wrong), atLeast: 0.01 },
      {
        name: `${name}: medians apart`,
        value: Math.abs(medians.wrong / medians.unknown - 1) * 100,
        unit: ' %',
        atMost: 5,
      },
    );
  }
  console.log();
  printVerdicts(verdicts);
  return { contestants, verdicts };
}

/**
 * Both in turn and in random order, so that whatever else the machine does meets both alike.
 * @param {string} url @param {Pair} pair @param {number} samples
 */
async function measure(url, pair, samples) {
  /** @type {Record<keyof Pair, number[]>} */
  const times = { unknown: [], wrong: [] };
  /** @param {keyof Pair} kind */
  const one = async (kind) => {
    const request = pair[kind]();
    const began = performance.now();
    const answer = await fetch(url, { method: 'POST', ...request });
    await answer.text();
    times[kind].push(performance.now() - began);
    if (answer.status !== 401) throw new Error(`A failed authentication was answered ${answer.status}.`);
  };
  const inTurns = async () => {
    while (times.wrong.length < samples) {
      const [first, second] =
        Math.random() < 0.5 ? /** @type {const} */ (['unknown', 'wrong']) : /** @type {const} */ (['wrong', 'unknown']);
      await one(first);
      await one(second);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurns));
  return times;
}

/**
 * @param {string} url @param {string} folder
 * @returns {Promise<Record<string, Pair>>}
 */
async function makePairs(url, folder) {
  const admin = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const credentials = { id: admin.client_id, secret: admin.client_secret };
  const grant = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: basic(credentials) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token } = /** @type {any} */ (await grant.json());
  /** @param {object} body @returns {Promise<any>} */
  const create = async (body) => {
    const answer = await fetch(`${url}/api/clients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scopes: ['read'], ...body }),
    });
    if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const [mine, stranger] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const generated = [];
  const chosen = [];
  for (let made = 0; made < GUESSED_CLIENTS; made++) {
    generated.push(await create({}));
    chosen.push(await create({ client_secret: `chosen ${randomUUID()}` }));
  }
  const jwk = mine.publicKey.export({ format: 'jwk' });
  const keyed = await create({ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } });

  const nobody = () => `nobody-${randomBytes(8).toString('hex')}`;
  /** @param {{ client_id: string }[]} clients */
  const inTurn = (clients) => {
    let next = 0;
    return () => clients[next++ % clients.length].client_id;
  };
  // As good a secret as any, of another client.
  const rightElsewhere = generated[0].client_secret;
  const others = inTurn(generated.slice(1));
  const guessed = inTurn(chosen);
  return {
    'generated secret': {
      unknown: () => bySecret(nobody(), rightElsewhere),
      wrong: () => bySecret(others(), rightElsewhere),
    },
    'chosen secret': {
      unknown: () => bySecret(nobody(), `guess ${randomUUID()}`),
      wrong: () => bySecret(guessed(), `guess ${randomUUID()}`),
    },
    assertion: {
      unknown: () => byAssertion(url, nobody(), stranger.privateKey),
      wrong: () => byAssertion(url, keyed.client_id, stranger.privateKey),
    },
  };
}

/** @param {string} id @param {string} secret @returns {RequestInit} */
const bySecret = (id, secret) => ({
  headers: { authorization: basic({ id: encodeURIComponent(id), secret: encodeURIComponent(secret) }) },
  body: new URLSearchParams({ grant_type: 'client_credentials' }),
});

/** @param {string} aud @param {string} id @param {import('node:crypto').KeyObject} key @returns {RequestInit} */
function byAssertion(aud, id, key) {
  const now = Math.floor(Date.now() / 1_000);
  const encode = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jti = randomUUID();
  const input = `${encode({ alg: 'ES256' })}.${encode({ iss: id, sub: id, aud, iat: now, exp: now + 60, jti })}`;
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return {
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: `${input}.${signature}`,
    }),
  };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
