import type { House } from '../support.js';

export const UNLIMITED = { MANAGEMENT_RATE_PER_SECOND: '100000', MANAGEMENT_ADDRESS_RATE_PER_SECOND: '100000' };

// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
type Body = any;

/** What tests of licences ask for again and again. */
export function licensesOf(house: House) {
  const made = async (path: string, body: object): Promise<Body> => {
    const answer = await house.manage(path, { body });
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return {
    made,
    policy: async (terms: object = {}): Promise<string> =>
      (await made('/api/license-policies', { name: 'Test', ...terms })).id,
    license: async (terms: object = {}, some: object = {}): Promise<Body> => {
      const { id: policy } = await made('/api/license-policies', { name: 'Test', ...terms });
      return made('/api/licenses', { policy, ...some });
    },
    act: (id: string, what: string, options: { body?: object; headers?: Record<string, string> } = {}) =>
      house.manage(`/api/licenses/${id}/${what}`, { method: 'POST', ...options }),
    activate: (id: string, fingerprint: string, some: object = {}, headers: Record<string, string> = {}) =>
      house.manage(`/api/licenses/${id}/machines`, { body: { fingerprint, ...some }, headers }),
    events: async (id: string): Promise<Body[]> =>
      (
        await house.sql('SELECT type, customer_id, data FROM outbox_event WHERE key = $1 ORDER BY seq', [
          `license:${id}`,
        ])
      ).map((row) => ({ ...row, data: JSON.parse(row.data) })),
  };
}
