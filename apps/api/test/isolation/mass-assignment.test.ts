import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser, secretOf } from '../operators/browser.js';
import { cases, nameOf, pathWith, resolved, routes } from '../route-table.js';
import { House } from '../support.js';

// Usage events are refused one by one, in an answer of 200, and extensions of CloudEvents are tolerated: usage/events.test.ts.
const isOfEvents = (path: string) => path === '/api/usage/events' || path === '/api/v1/events';
const withBody = routes.filter(({ body, path }) => body !== undefined && path.startsWith('/api/') && !isOfEvents(path));
type Schema = ReturnType<typeof resolved>[number];

let house: House;
/** An owner by session: of the routes that take a token and those that take a session, both. */
let owner: Browser;
let columns: string[];
beforeAll(async () => {
  house = await House.open({ env: { SIGN_IN_ATTEMPTS: '10000' } });
  owner = new Browser(house.api.url);
  await owner.redeem(secretOf(house.api.firstRun?.sign_in_link));
  await owner.setPassword();
  const rows = await house.sql(
    `SELECT DISTINCT column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`,
  );
  columns = rows.map(({ column_name }) => column_name);
});
afterAll(() => house.close());

describe('N38: no body sets what it does not name', () => {
  test('there are routes and columns to try', () => {
    expect(withBody.length).toBeGreaterThan(35);
    expect(columns.length).toBeGreaterThan(100);
    expect(columns).toEqual(
      expect.arrayContaining(['customer_id', 'not_before', 'version', 'password_hash', 'status']),
    );
  });

  test.each(cases(withBody))(
    '%s refuses every column of the database that is no member of its body',
    async (_n, route) => {
      const branches = resolved(route.body ?? {});
      const members = new Set(branches.flatMap(({ properties }) => Object.keys(properties ?? {})));
      const foreign = [...columns, 'tenant_id', 'customerId'].filter((column) => !members.has(column));
      const before = await house.written();
      const body = Object.fromEntries(foreign.map((column) => [column, 'x']));
      const answer = await owner.send(route.method, pathWith(route.path, {}), body);
      expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
      // A body that is one of several forms is refused as a whole.
      if (branches.length === 1) {
        const unknown = answer.body.errors.filter(({ code }: { code: string }) => code === 'unknown_field');
        expect(unknown.map(({ path }: { path: string }) => path.slice(1)).sort()).toEqual([...foreign].sort());
      }
      expect(await house.written()).toEqual(before);
    },
  );

  test.each(cases(withBody))('%s: every object in its schema is closed', (_name, route) => {
    const openObjects: string[] = [];
    const walk = (schema: Schema, at: string, depth: number): void => {
      if (depth > 12) return;
      for (const one of resolved(schema)) {
        if (one.properties !== undefined && one.additionalProperties !== false) openObjects.push(at);
        for (const [name, member] of Object.entries(one.properties ?? {})) walk(member, `${at}/${name}`, depth + 1);
        if (one.items !== undefined) walk(one.items, `${at}/*`, depth + 1);
      }
    };
    walk(route.body ?? {}, nameOf(route), 0);
    expect(openObjects).toEqual([]);
  });
});
