import { once } from 'node:events';
import { connect } from 'node:net';
import { basic } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { House, type MadeClient, parseAnswer } from '../support.js';

const GRANT = 'grant_type=client_credentials';
let house: House;
let client: MadeClient;
beforeEach(async () => {
  house = await House.open({ env: { DRAIN_SECONDS: '15' } });
  client = await house.client();
  await house.accessToken(client);
});
afterEach(() => house.close());

const logged = (message: string) => house.api.logs().includes(`"msg":"${message}"`);
const issued = async () => {
  const [row] = await house.sql(
    `SELECT sum(issued)::int AS issued
     FROM (SELECT client_id, issued FROM tokens_per_hour UNION ALL SELECT client_id, issued FROM issuance_batch) AS counted
     WHERE client_id = $1`,
    [client.client_id],
  );
  return row.issued;
};

/** Sends all of a request but its last byte. */
async function begin(head: string[], body: string): Promise<() => Promise<string>> {
  const socket = connect(Number(new URL(house.api.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  // One whole request first: from its answer on the connection is known to the server's loop.
  socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await waitFor('the first answer', () => received.endsWith('{"status":"ok"}'));
  received = '';
  const lines = [...head, 'Host: localhost', `Content-Length: ${body.length}`, '', ''];
  socket.write(lines.join('\r\n') + body.slice(0, -1));
  return async () => {
    socket.write(body.slice(-1));
    await once(socket, 'close');
    return received;
  };
}

async function stopping(): Promise<void> {
  // Answered by the loop that reads the requests under way: when this is answered it has seen them.
  await fetch(`${house.api.url}/health/live`);
  process.kill(house.api.pid, 'SIGTERM');
  await waitFor('the stop to begin', () => logged('stopping'));
  await waitFor('the door to close', async () => {
    try {
      await fetch(`${house.api.url}/health/live`);
      return false;
    } catch {
      return true;
    }
  });
}
const stopped = () => waitFor('the stop', () => logged('stopped'), { within: 20_000 });

describe('SIGTERM', () => {
  test('a request under way is finished, whichever door it came by; a new one is not let in', async () => {
    const proof = `Authorization: ${basic(client.client_id, client.client_secret)}`;
    const form = 'Content-Type: application/x-www-form-urlencoded';
    const token = await house.accessToken(client);
    const under = [
      await begin(['POST /oauth2/token HTTP/1.1', proof, form], GRANT),
      await begin(['POST /oauth2/introspect HTTP/1.1', proof, form], `token=${token}`),
      await begin(['POST /oauth2/revoke HTTP/1.1', proof, form], `token=${token}`),
      await begin(
        ['POST /api/clients HTTP/1.1', `Authorization: Bearer ${house.token}`, 'Content-Type: application/json'],
        '{"client_id":"last","scopes":["read"]}',
      ),
    ];
    await stopping();
    const statuses: number[] = [];
    for (const answer of await Promise.all(under.map((finish) => finish()))) statuses.push(parseAnswer(answer).status);
    expect(statuses).toEqual([200, 200, 200, 201]);
    await stopped();
    expect(await house.sql(`SELECT client_id FROM client WHERE client_id = 'last'`)).toHaveLength(1);
    expect(logged('did not stop in time')).toBe(false);
  });

  test('every token issued up to the end is counted in the database, though clients keep their connections busy', async () => {
    const headers = {
      authorization: basic(client.client_id, client.client_secret),
      'content-type': 'application/x-www-form-urlencoded',
    };
    let received = 0;
    const keepAsking = async (): Promise<void> => {
      for (;;) {
        try {
          const answer = await fetch(`${house.api.url}/oauth2/token`, { method: 'POST', body: GRANT, headers });
          await answer.text();
          if (answer.status === 200) received++;
          else if (answer.status === 503) return;
        } catch {
          return;
        }
      }
    };
    const busy = Array.from({ length: 8 }, keepAsking);
    await waitFor('some tokens', () => received > 200, { within: 30_000 });
    process.kill(house.api.pid, 'SIGTERM');
    await stopped();
    await Promise.all(busy);
    expect(logged('did not stop in time')).toBe(false);
    expect(await issued()).toBe(received + 1);
  });

  test('an idle connection does not hold the stop up', async () => {
    const socket = connect(Number(new URL(house.api.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    process.kill(house.api.pid, 'SIGTERM');
    await Promise.all([once(socket, 'close'), stopped()]);
    expect(logged('did not stop in time')).toBe(false);
  });
});
