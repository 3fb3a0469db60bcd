// @ts-check
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, managementToken, startBastionary } from './bastionary.mjs';
import { printVerdicts } from './report.mjs';

const CLIENTS = 250;
const REPLAYS = 20;
const PATIENCE_MS = 300_000;

/**
 * Deliveries per minute with one worker: the events of 250 clients, replayed twenty times to a receiver that answers at
 * once, while a second endpoint hangs and gets the same.
 * @param {import('./options.mjs').Options} _options
 * @param {string} folder
 * @param {import('./started.mjs').Started} started
 */
export async function webhooksBench(_options, folder, started) {
  const seen = { count: 0, last: 0, ids: new Set(), hung: 0 };
  const receiver = createServer((request, response) => {
    request.resume().once('end', () => {
      if (request.url === '/hang') {
        seen.hung++;
        return;
      }
      seen.count++;
      seen.last = performance.now();
      seen.ids.add(request.headers['webhook-id']);
      response.writeHead(204).end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  started.add(async () => {
    receiver.closeAllConnections();
    receiver.close();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.address());

  const { subject } = await startBastionary(folder, started, { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' });
  const { client_id: id, client_secret: secret } = JSON.parse(readFileSync(join(folder, 'admin-client.json'), 'utf8'));
  const bearer = await managementToken(subject.url, { id, secret });
  const from = new Date().toISOString();
  for (let made = 0; made < CLIENTS; made++) await createClient(subject.url, bearer, `Client ${made}`, ['read']);
  // So that the relay is done with them before they are replayed.
  await sleep(2_000);

  /** @param {string} path @param {object} body @returns {Promise<any>} */
  const post = async (path, body) => {
    const answer = await fetch(`${subject.url}/api/webhooks${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const range = { from, to: new Date().toISOString(), types: ['client.created'] };
  const swift = await post('', { url: `http://127.0.0.1:${port}/swift` });
  const hung = await post('', { url: `http://127.0.0.1:${port}/hang` });
  await post(`/${hung.id}/replay`, range);

  const begun = performance.now();
  let due = 0;
  for (let round = 0; round < REPLAYS; round++) due += (await post(`/${swift.id}/replay`, range)).deliveries;
  while (seen.count < due) {
    if (performance.now() - begun > PATIENCE_MS) throw new Error(`${seen.count} of ${due} deliveries arrived`);
    started.signal.throwIfAborted();
    await sleep(20);
  }
  const seconds = (seen.last - begun) / 1_000;
  const perMinute = (due / seconds) * 60;
  const figures = { deliveries: due, seconds, keys: seen.ids.size, attemptsAtTheHungOne: seen.hung };
  console.log(
    `Webhooks: ${due} deliveries of ${seen.ids.size} keys in ${seconds.toFixed(1)} s, one worker, durable PostgreSQL; beside them ${seen.hung} attempts at an endpoint that hangs\n`,
  );
  const verdicts = [{ name: 'deliveries per minute', value: perMinute, atLeast: 5_000 }];
  printVerdicts(verdicts);
  return { figures, verdicts };
}
