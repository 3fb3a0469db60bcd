import { type Answer, json } from '@bastionary/testing/http';
import type { House } from '../support.js';

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type Body = any;

export const BOOLEAN = { type: 'boolean', variants: { on: true, off: false }, default_variant: 'off' };

/** What tests of flags ask for again and again. */
export function flagsOf(house: House) {
  const made = async (path: string, body: object, method = 'POST'): Promise<Body> => {
    const answer = await house.manage(path, { body, method });
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const place = (key: string, environment = 'production') => `/api/environments/${environment}/flags/${key}`;
  return {
    made,
    place,
    flag: (key: string, some: object = {}): Promise<Body> => made('/api/flags', { key, ...BOOLEAN, ...some }),
    put: (key: string, settings: object, environment?: string): Promise<Body> =>
      made(place(key, environment), settings, 'PUT'),
    tryPut: (key: string, settings: object, headers: Record<string, string> = {}): Promise<Answer<Body>> =>
      house.manage(place(key), { method: 'PUT', body: settings, headers }),
    /** A client that evaluates, and its token. */
    caller: async (some: object = {}): Promise<{ client_id: string; token: string }> => {
      const client = await house.client({ scopes: ['flags:evaluate'], ...some });
      return { client_id: client.client_id, token: await house.accessToken(client) };
    },
    one: (token: string, key: string, context: object = {}): Promise<Answer<Body>> =>
      json(`${house.api.url}/ofrep/v1/evaluate/flags/${key}`, { token, body: { context } }),
    bulk: (token: string, context: object = {}, headers: Record<string, string> = {}): Promise<Answer<Body>> =>
      json(`${house.api.url}/ofrep/v1/evaluate/flags`, { token, body: { context }, headers }),
  };
}
