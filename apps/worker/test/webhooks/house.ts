import type { Answer } from '@bastionary/testing/http';
import { waitFor } from '@bastionary/testing/wait-for';
import type { Received } from '@bastionary/testing/webhook-sink';
import { expect } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Works } from '../support.js';

/** Sinks listen on 127.0.0.1. */
export const ALLOWED = { WEBHOOK_ALLOW_PRIVATE: '127.0.0.1' };

export interface Endpoint {
  readonly id: string;
  readonly signing_secret: string;
}

/** An api where endpoints can be registered, and as many workers as a test wants. */
export async function openHouse(workerEnv: Record<string, string> = {}, apiEnv: Record<string, string> = ALLOWED) {
  const works = await Works.open({ ...apiEnv, ...workerEnv }, apiEnv);
  const at = (id: string, path = '') => `/api/webhooks/${id}${path}`;
  return {
    works,
    async register(body: Record<string, unknown>): Promise<Endpoint> {
      const answer = await works.manage('/api/webhooks', { body });
      expect([answer.status, answer.body.url]).toEqual([201, body.url]);
      return answer.body;
    },
    get: async (id: string) => (await works.manage(at(id))).body,
    deliveries: async (id: string, query = '') =>
      (await works.manage(at(id, `/deliveries?limit=100${query}`))).body.data,
    delivery: async (id: string, deliveryId: string) => (await works.manage(at(id, `/deliveries/${deliveryId}`))).body,
    change: (id: string, body: unknown) => works.manage(at(id), { method: 'PATCH', body }),
    remove: (id: string) => works.manage(at(id), { method: 'DELETE' }),
    post: (id: string, path: string, body?: unknown): Promise<Answer> =>
      // biome-ignore lint/suspicious/noExplicitAny: as Works.manage
      works.manage<any>(at(id, path), { method: 'POST', body }),
    async rename(clientId: string, name: string): Promise<void> {
      const rename = () => works.manage(`/api/clients/${clientId}`, { method: 'PATCH', body: { name } });
      // On a busy machine the database may be late once; a second time changes nothing and makes no event.
      await waitFor('the new name', async () => (await rename()).status === 200, { within: 30_000 });
    },
  };
}
export type House = Awaited<ReturnType<typeof openHouse>>;

/** With the reference library: throws unless the signature, under this secret, is right. */
export function verify({ body, headers }: Received, secret: string): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

/** Whether a request carries a signature of that secret. */
export function isSignedWith(received: Received, secret: string): boolean {
  try {
    verify(received, secret);
    return true;
  } catch {
    return false;
  }
}
