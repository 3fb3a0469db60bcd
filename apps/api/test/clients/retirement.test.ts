import { basic, json } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import { startWorker } from '@bastionary/testing/worker-process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { House, type MadeClient } from '../support.js';

const SILENCE_SECONDS = 3;
let house: House;
beforeAll(async () => {
  house = await House.open({ env: { USAGE_FLUSH_MS: '100', CREDENTIAL_SILENCE_SECONDS: String(SILENCE_SECONDS) } });
});
afterAll(() => house.close());

const credentials = async ({ client_id }: MadeClient) =>
  (await house.manage(`/api/clients/${client_id}/credentials`)).body.data;
const retirement = async ({ client_id }: MadeClient, id: string) =>
  (await house.manage(`/api/clients/${client_id}/credentials/${id}/retirement`)).body;

/** Somebody who fetches a token, uses it, and begins again, until told to stop. */
class User {
  readonly failures: unknown[] = [];
  requests = 0;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(client: { client_id: string; client_secret: string }) {
    this.running = this.run(basic(client.client_id, client.client_secret));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(authorization: string): Promise<void> {
    while (!this.stopped) {
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const answer = await json(`${house.api.url}/oauth2/token`, { body, headers: { authorization } });
      this.requests++;
      if (answer.status !== 200) this.failures.push(answer);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe('a rotation under load', () => {
  test('no request fails; the old secret is safe to retire only when its user has fallen silent', async () => {
    const made = await house.client({ scopes: ['read'] });
    const worker = await startWorker({ databaseUrl: house.api.databaseUrl, dataDir: house.api.dataDir });
    const first = new User(made);
    const users = [first];
    try {
      const [old] = await credentials(made);
      await waitFor('the first use', async () => (await credentials(made))[0].last_used_at);
      expect(await retirement(made, old.id)).toMatchObject({
        safe_to_retire: false,
        reason: expect.stringContaining('no other usable credential'),
        other_usable_credentials: 0,
      });

      const rotated = await house.manage(`/api/clients/${made.client_id}/rotate-secret`, {
        body: { overlap_seconds: 3_600, label: 'new' },
      });
      expect(rotated.status).toBe(200);
      const second = new User(rotated.body);
      users.push(second);
      const fresh = (await credentials(made))[1];
      await waitFor('both to be used', async () => (await retirement(made, fresh.id)).use_count !== '0');

      // As long as the old one is used, and its silence is not over: never safe, whenever it is asked.
      const usedUntil = Date.now() + 2 * SILENCE_SECONDS * 1_000;
      let asked = 0;
      while (Date.now() < usedUntil) {
        const judged = await retirement(made, old.id);
        expect([judged.safe_to_retire, judged.reason]).toEqual([false, expect.stringContaining('was last used')]);
        asked++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(asked).toBeGreaterThan(10);

      await first.stop();
      const silent = Date.now();
      const verdict = await waitFor('the old one to be safe to retire', async () => {
        const judged = await retirement(made, old.id);
        // Its last use is in the database: silence is counted from there, never from before.
        if (judged.safe_to_retire && Date.now() - Date.parse(judged.last_used_at) < SILENCE_SECONDS * 1_000) {
          throw new Error('too early');
        }
        return judged.safe_to_retire && judged;
      });
      expect(Date.now() - silent).toBeGreaterThan(SILENCE_SECONDS * 1_000);
      expect(verdict).toEqual({
        safe_to_retire: true,
        reason: expect.stringMatching(/^It has been silent for \d+ s, while the client used another credential\.$/),
        last_used_at: expect.any(String),
        last_used_address: '127.0.0.1',
        use_count: String(first.requests),
        uses_last_hour: expect.stringMatching(/^\d+$/),
        uses_last_day: String(first.requests),
        live_tokens: String(first.requests),
        other_usable_credentials: 1,
        silent_for_seconds: expect.any(Number),
      });

      const gone = await house.manage(`/api/clients/${made.client_id}/credentials/${old.id}?force=true`, {
        method: 'DELETE',
      });
      expect(gone.status).toBe(204);
      const after = second.requests;
      await waitFor('the other to go on', () => second.requests > after + 20);
      await second.stop();
      expect(users.map(({ failures }) => failures)).toEqual([[], []]);
      expect((await credentials(made)).map(({ label }: { label: string }) => label)).toEqual(['new']);
      await waitFor(
        'every use to be counted, once',
        async () => (await retirement(made, fresh.id)).use_count === String(second.requests),
      );
    } finally {
      for (const user of users) await user.stop();
      await worker.stop();
    }
  });

  test('a credential that paused before must be silent for longer than that', async () => {
    const made = await house.client();
    const [{ id }] = await credentials(made);
    await house.manage(`/api/clients/${made.client_id}/credentials`, { body: { kind: 'secret' } });
    for (const hours of [9, 49]) {
      await house.sql(
        `INSERT INTO credential_use (credential_id, hour, uses, last_at, address)
         VALUES ($1, date_trunc('hour', now() - $2 * interval '1 hour'), 1, now() - $2 * interval '1 hour', '192.0.2.1')`,
        [id, hours],
      );
    }
    expect(await retirement(made, id)).toMatchObject({
      safe_to_retire: false,
      reason: 'It was last used 9 h ago; its users have paused for 1 d before, so only 2 d of silence tells.',
      uses_last_hour: '0',
      uses_last_day: '1',
      use_count: '2',
      live_tokens: '0',
    });
  });

  test('never used: not while it is young; an expired one is safe', async () => {
    const made = await house.client();
    const added = await house.manage(`/api/clients/${made.client_id}/credentials`, { body: { kind: 'secret' } });
    const { id } = added.body;
    expect(await retirement(made, id)).toMatchObject({
      safe_to_retire: false,
      reason: expect.stringContaining('It was made'),
      last_used_at: null,
      silent_for_seconds: null,
    });
    await house.manage(`/api/clients/${made.client_id}/credentials/${id}`, {
      method: 'PATCH',
      body: { expires_at: '2020-01-01T00:00:00Z' },
    });
    expect(await retirement(made, id)).toMatchObject({
      safe_to_retire: true,
      reason: 'It expired at 2020-01-01T00:00:00Z and proves nothing any more.',
    });
  });
});
