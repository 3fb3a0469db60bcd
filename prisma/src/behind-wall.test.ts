import { AsyncLocalStorage } from 'node:async_hooks';
import { createDatabase, type TestDatabase } from '@bastionary/testing/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { behindWall, CUSTOMER_ROLE } from './behind-wall.js';
import { type Connection, connect, type Database, type Transaction } from './client.js';

const NOW = '2026-01-01T00:00:00Z';

// One row of each of two customers in every table that holds some. `$1` is the customer.
const ROWS: Record<string, string> = {
  customer: `(id, name, email, currency, time_zone, created_at, updated_at) VALUES ($1, $1, 'x@example.com', 'EUR', 'UTC', '${NOW}', '${NOW}')`,
  client: `(client_id, name, status, scopes, customer_id, created_at, updated_at) VALUES ('client_' || $1, 'x', 'active', '{}', $1, '${NOW}', '${NOW}')`,
  credential: `(id, client_id, kind, digest, hint, created_at) VALUES ('crd_' || $1, 'client_' || $1, 'secret', 'x', 'x', '${NOW}')`,
  credential_use: `(credential_id, hour, uses, last_at, address) VALUES ('crd_' || $1, '${NOW}', 1, '${NOW}', 'x')`,
  credential_use_batch: `(id, credential_id, hour, uses, last_at, address) VALUES ('bat_' || $1, 'crd_' || $1, '${NOW}', 1, '${NOW}', 'x')`,
  tokens_per_hour: `(client_id, hour, issued, last_at) VALUES ('client_' || $1, '${NOW}', 1, '${NOW}')`,
  issuance_batch: `(id, row, client_id, credential_id, kid, audience, scope, requested, minute, ends_in, issued, last_at) VALUES ('bat_' || $1, 0, 'client_' || $1, 'crd_' || $1, '', '{}', '', true, '${NOW}', '${NOW}', 1, '${NOW}')`,
  not_before: `(kind, subject, at, lasts_until) VALUES ('client', 'client_' || $1, '${NOW}', '${NOW}')`,
  entitlement_snapshot: `(customer_id, epoch, hash, body, at) VALUES ($1, 1, 'x', '{}', '${NOW}')`,
  entitlement_history: `(customer_id, epoch, hash, body, at, cause) VALUES ($1, 1, 'x', '{}', '${NOW}', 'x')`,
  entitlement_override: `(customer_id, feature, value, reason, created_at, created_by) VALUES ($1, 'x', '1', 'x', '${NOW}', 'x')`,
  entitlement_grant: `(id, customer_id, kind, source, plan, quantity, features, "from") VALUES ('grn_' || $1, $1, 'plan', 'x', 'x@1', 1, '{}', '${NOW}')`,
  quota_use: `(customer_id, feature) VALUES ($1, 'x')`,
  quota_reservation: `(id, customer_id, feature, amount, state, created_at) VALUES ('rsv_' || $1, $1, 'x', 1, 'reserved', '${NOW}')`,
  plan: `(key, name, kind, created_at, updated_at) VALUES ('plan_' || $1, 'x', 'plan', '${NOW}', '${NOW}')`,
  plan_version: `(plan_key, version, status, features, prices, created_at) VALUES ('plan_' || $1, 1, 'draft', '{}', '[]', '${NOW}')`,
  subscription: `(id, customer_id, start, anchor, time_zone, interval, interval_count, settled_at, created_at, updated_at) VALUES ('sub_' || $1, $1, '${NOW}', '${NOW}', 'UTC', 'month', 1, '${NOW}', '${NOW}', '${NOW}')`,
  subscription_item: `(id, subscription_id, plan_key, plan_version, kind, quantity, since) VALUES ('itm_' || $1, 'sub_' || $1, 'plan_' || $1, 1, 'plan', 1, '${NOW}')`,
  mrr_point: `(subscription_id, at, customer_id, currency, amount, terms, reason, recorded_at) VALUES ('sub_' || $1, '${NOW}', $1, 'EUR', 1, 'x', 'x', '${NOW}')`,
  scheduled_change: `(id, subscription_id, at, change, created_at) VALUES ('chg_' || $1, 'sub_' || $1, '${NOW}', '{}', '${NOW}')`,
  item_span: `(id, subscription_id, plan_key, plan_version, kind, quantity, anchor, "from") VALUES ('isp_' || $1, 'sub_' || $1, 'plan_' || $1, 1, 'plan', 1, '${NOW}', '${NOW}')`,
  pause_span: `(subscription_id, "from") VALUES ('sub_' || $1, '${NOW}')`,
  billing_profile: `(customer_id, updated_at) VALUES ($1, '${NOW}')`,
  coupon: `(key, name, kind, percent, duration, created_at) VALUES ('coupon_' || $1, 'x', 'percent', 1, 'once', '${NOW}')`,
  customer_coupon: `(id, customer_id, coupon, created_at) VALUES ('ccp_' || $1, $1, 'coupon_' || $1, '${NOW}')`,
  wallet_credit: `(id, customer_id, currency, amount, remaining, reason, source, created_at) VALUES ('wcr_' || $1, $1, 'EUR', 1, 1, 'x', 'manual', '${NOW}')`,
  wallet_entry: `(id, credit_id, customer_id, kind, amount, at) VALUES ('wen_' || $1, 'wcr_' || $1, $1, 'granted', 1, '${NOW}')`,
  usage_rollup: `(meter, customer_id, resolution, start, dimensions, events) VALUES (1, $1, 1440, '${NOW}', '[]', 1)`,
  usage_key: `(meter, customer_id, resolution, start, dimensions, digest, first_at, last_at) VALUES (1, $1, 60, '${NOW}', '[]', 'x', '${NOW}', '${NOW}')`,
  usage_threshold: `(id, meter_key, customer_id, window_kind, value, created_at) VALUES ('thr_' || $1, 'calls', $1, 'day', 1, '${NOW}')`,
  usage_threshold_reached: `(threshold_id, customer_id, start, until, at) VALUES ('thr_' || $1, $1, '${NOW}', '${NOW}', '${NOW}')`,
  stripe_customer: `(customer_id, stripe_id, created_at, updated_at) VALUES ($1, 'stripe_' || $1, '${NOW}', '${NOW}')`,
  stripe_checkout: `(id, customer_id, mode, url, state, created_at, expires_at) VALUES ('cs_' || $1, $1, 'setup', 'x', 'open', '${NOW}', '${NOW}')`,
  stripe_attempt: `(id, invoice_id, customer_id, number, kind, currency, amount, idempotency_key, state, created_at, updated_at) VALUES ('att_' || $1, 'inv_' || $1, $1, 1, 'off_session', 'EUR', 1, 'key_' || $1, 'planned', '${NOW}', '${NOW}')`,
  stripe_reconciliation_row: `(reconciliation_id, position, kind, state, customer_id, detail) VALUES ('rec_x', CASE $1 WHEN 'cus_a' THEN 0 ELSE 1 END, 'customer', 'matched', $1, 'x')`,
  audit_log: `(at, actor, action, target, detail) VALUES ('${NOW}', 'x', 'x', 'client:client_' || $1, '{}')`,
  idempotent_answer: `(actor, key, request_hash, created_at) VALUES ('client:client_' || $1, 'x', 'x', '${NOW}')`,
  outbox_event: `(id, type, key, customer_id, data, at) VALUES ('evt_' || $1, 'x', 'x', $1, '{}', '${NOW}')`,
  usage_event_key: `(source, id, owner, customer_id, time, digest) VALUES ('x', 'evt_' || $1, '', $1, '${NOW}', 'x')`,
  usage_event: `(customer_id, type, time, seq, source, id, sent_by) VALUES ($1, 'x', '${NOW}', 0, 'x', 'evt_' || $1, 'x')`,
  usage_rejection: `(seq, result, reason, customer_id, sent_by) VALUES (0, 'rejected', 'x', $1, 'x')`,
  invoice: `(id, customer_id, scope, status, currency, period_start, period_end, created_at, updated_at) VALUES ('inv_' || $1, $1, 'manual', 'draft', 'EUR', '${NOW}', '${NOW}', '${NOW}', '${NOW}')`,
  invoice_line: `(id, invoice_id, position, kind, description, quantity, amount, explanation) VALUES ('lin_' || $1, 'inv_' || $1, 0, 'manual', 'x', 1, 1, '{}')`,
  credit_note: `(id, invoice_id, customer_id, series, sequence, number, currency, subtotal, tax, total, to_invoice, to_refund, to_wallet, reason, document, document_hash, created_at) VALUES ('crn_' || $1, 'inv_' || $1, $1, 'CN-' || $1, 1, 'CN-' || $1, 'EUR', 1, 0, 1, 1, 0, 0, 'x', '{}', 'x', '${NOW}')`,
  credit_note_line: `(id, credit_note_id, position, invoice_line_id, amount, tax) VALUES ('cnl_' || $1, 'crn_' || $1, 0, 'lin_' || $1, 1, 0)`,
  payment: `(id, customer_id, provider, reference, currency, amount, received_at, created_at) VALUES ('pay_' || $1, $1, 'manual', 'x' || $1, 'EUR', 1, '${NOW}', '${NOW}')`,
  refund: `(id, payment_id, customer_id, provider, reference, currency, amount, status, reason, created_at) VALUES ('rfd_' || $1, 'pay_' || $1, $1, 'manual', 'x' || $1, 'EUR', 1, 'succeeded', 'x', '${NOW}')`,
  license: `(id, policy_id, customer_id, key_sealed, key_digest, key_hint, created_at, updated_at) VALUES ('lic_' || $1, 'pol_x', $1, 'x', convert_to('key_' || $1, 'UTF8'), 'x', '${NOW}', '${NOW}')`,
  license_entitlement: `(license_id, code, value, created_at) VALUES ('lic_' || $1, 'x', '1', '${NOW}')`,
  license_user: `(id, license_id, email, created_at) VALUES ('lus_' || $1, 'lic_' || $1, 'x', '${NOW}')`,
  machine: `(id, license_id, fingerprint, created_at, updated_at) VALUES ('mch_' || $1, 'lic_' || $1, 'x', '${NOW}', '${NOW}')`,
  machine_component: `(id, machine_id, license_id, fingerprint, name, created_at) VALUES ('cmp_' || $1, 'mch_' || $1, 'lic_' || $1, 'x', 'x', '${NOW}')`,
  machine_process: `(id, machine_id, license_id, pid, last_heartbeat_at, dies_at, created_at) VALUES ('prc_' || $1, 'mch_' || $1, 'lic_' || $1, 'x', '${NOW}', '${NOW}', '${NOW}')`,
  ledger_transaction: `(id, kind, source, customer_id, at) VALUES ('ltx_' || $1, 'x', 'x' || $1, $1, '${NOW}')`,
  ledger_entry: `(transaction_id, account, currency, amount, customer_id) VALUES ('ltx_' || $1, 'x', 'EUR', 0, $1)`,
};
/** What the role may write. */
const WRITABLE = ['idempotent_answer', 'quota_reservation', 'quota_use'];
/** What it may not even look at. */
const UNSEEN = [
  'billing_profile',
  'coupon',
  'customer_coupon',
  'item_span',
  'ledger_entry',
  'ledger_transaction',
  'mrr_point',
  'outbox_event',
  'pause_span',
  'stripe_attempt',
  'stripe_checkout',
  'stripe_customer',
  'stripe_reconciliation_row',
  'usage_threshold',
  'usage_threshold_reached',
];
const [A, B] = ['cus_a', 'cus_b'];

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(
    `INSERT INTO stripe_reconciliation (id, "from", "to", state, repairs, requested_by, created_at) VALUES ('rec_x', $1, $1, 'done', false, 'x', $1)`,
    [NOW],
  );
  for (const [table, row] of Object.entries(ROWS)) {
    for (const customer of [A, B]) await owner.query(`INSERT INTO ${table} ${row}`, [customer]);
  }
  // A draft is nothing to see yet.
  await owner.query(
    `UPDATE invoice SET status = 'open', series = customer_id, sequence = 1, number = customer_id, finalized_at = $1, due_at = $1, document = '{}', document_hash = 'x'`,
    [NOW],
  );
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

/** Runs a statement as the role of customers' clients, as nobody's or a customer's; what it did is undone. */
async function asRole(customer: string | null, statement: string, values: unknown[] = []): Promise<pg.QueryResult> {
  await owner.query('BEGIN');
  try {
    await owner.query(`SET LOCAL ROLE ${CUSTOMER_ROLE}`);
    if (customer !== null) await owner.query(`SELECT set_config('bastionary.customer', $1, true)`, [customer]);
    return await owner.query(statement, values);
  } finally {
    await owner.query('ROLLBACK');
  }
}
/** The rows of a table that mention a customer, as the role sees them; null where it may not even look. */
async function seen(customer: string | null, table: string): Promise<unknown[] | null> {
  try {
    return (await asRole(customer, `SELECT t::text FROM ${table} t`)).rows.map(({ t }) => t);
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return null;
    throw error;
  }
}
const holding = async (column: string): Promise<string[]> => {
  const { rows } = await owner.query(
    `SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = $1 ORDER BY 1`,
    [column],
  );
  return rows.map(({ table_name }) => table_name);
};

describe('the second wall: as the role of customers’ clients', () => {
  test('the role can neither sign in nor step over policies, and owns nothing', async () => {
    const { rows } = await owner.query(
      `SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS owns
       FROM pg_roles r WHERE rolname = $1`,
      [CUSTOMER_ROLE],
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false, owns: 0 }]);
  });

  test('every table with a customer is behind it; one made later fails here until it has a policy and a row above', async () => {
    const tables = await holding('customer_id');
    expect(tables.length).toBeGreaterThan(8);
    const { rows } = await owner.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity ORDER BY 1`,
    );
    const secured = rows.map(({ relname }) => relname);
    expect(tables.filter((table) => !secured.includes(table))).toEqual([]);
    expect(secured).toEqual(Object.keys(ROWS).sort());
  });

  test('what it may read without a policy belongs to no customer, and it writes three tables only', async () => {
    const { rows } = await owner.query(
      `SELECT relname, has_table_privilege($1, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes, relrowsecurity AS secured
       FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
         AND has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') ORDER BY 1`,
      [CUSTOMER_ROLE],
    );
    expect(rows.filter(({ secured }) => !secured).map(({ relname }) => relname)).toEqual([
      'feature',
      'license_policy',
      'license_product',
      'meter',
      'resource',
      'scope',
      'usage_fold',
    ]);
    expect(rows.filter(({ writes }) => writes).map(({ relname }) => relname)).toEqual(WRITABLE);
  });

  test.each(Object.keys(ROWS))('%s: its own row and no other; without a customer, none', async (table) => {
    const all = await owner.query(`SELECT t::text FROM ${table} t WHERE t::text LIKE '%' || $1 || '%'`, [B]);
    expect(all.rows).toHaveLength(1);
    const own = await seen(A, table);
    if (UNSEEN.includes(table)) expect(own).toBeNull();
    else expect(own).toEqual([expect.stringContaining(A)]);
    for (const nobody of [null, '']) expect((await seen(nobody, table)) ?? []).toEqual([]);
  });

  test.each(Object.keys(ROWS))('%s: nothing of another can be changed, removed or made', async (table) => {
    const { rows } = await owner.query(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' AND is_identity = 'NO' LIMIT 1`,
      [table],
    );
    const column = `"${rows[0].column_name}"`;
    const remake = (ROWS[table] ?? '').replaceAll('|| $1', "|| $1 || '_again'");
    for (const statement of [`UPDATE ${table} SET ${column} = ${column}`, `DELETE FROM ${table}`]) {
      const touched = await asRole(A, `${statement} WHERE ${table}::text LIKE '%${B}%'`).catch(({ code }) => code);
      expect(typeof touched === 'string' ? touched : touched.rowCount).toEqual(
        WRITABLE.includes(table) && statement.startsWith('UPDATE') ? 0 : '42501',
      );
    }
    await expect(asRole(A, `INSERT INTO ${table} ${remake}`, [B])).rejects.toMatchObject({ code: '42501' });
  });

  test('a row of its own cannot be handed to another', async () => {
    const given = asRole(A, `UPDATE quota_reservation SET customer_id = $1 WHERE id = 'rsv_' || $2`, [B, A]);
    await expect(given).rejects.toMatchObject({
      code: '42501',
      message: expect.stringContaining('row-level security'),
    });
  });
});

describe('the database of a request', () => {
  const request = new AsyncLocalStorage<string | null>();
  const during = <Result>(customer: string | null, work: () => Promise<Result>) => request.run(customer, work);
  let connection: Connection;
  let db: Database;
  beforeAll(() => {
    connection = connect(database.url, { applicationName: 'wall-test', poolSize: 4 });
    db = behindWall(connection.db, () => request.getStore() ?? null);
  });
  afterAll(() => connection.close());

  // Each forgets to name the customer.
  const FORGETFUL: [string, () => Promise<unknown>][] = [
    ['findMany', async () => (await db.subscription.findMany()).map(({ customerId }) => customerId)],
    [
      'findMany of two tables',
      async () =>
        (await db.subscription.findMany({ include: { items: true } })).flatMap(({ customerId, items }) =>
          items.map(() => customerId),
        ),
    ],
    ['count', async () => Array(await db.reservation.count()).fill(A)],
    ['$queryRaw', async () => (await db.$queryRaw<{ id: string }[]>`SELECT id FROM customer`).map(({ id }) => id)],
    [
      'a transaction',
      () => db.$transaction(async (tx) => (await tx.snapshot.findMany()).map(({ customerId }) => customerId)),
    ],
    [
      'raw in a transaction',
      () =>
        db.$transaction(async (tx: Transaction) =>
          (await tx.$queryRaw<{ id: string }[]>`SELECT customer_id AS id FROM client`).map(({ id }) => id),
        ),
    ],
  ];
  test.each(FORGETFUL)(
    '%s finds the own rows only, and everything outside a customer’s request',
    async (_name, ask) => {
      expect(await during(A, ask)).toEqual([A]);
      expect(await during('cus_none', ask)).toEqual([]);
      const everything = (await during(null, ask)) as string[];
      expect(everything).toHaveLength(2);
      expect((await ask()) as string[]).toHaveLength(2);
    },
  );

  test('a foreign row is not found by its id either, and not changed', async () => {
    expect(await during(A, () => db.customer.findUnique({ where: { id: B } }))).toBeNull();
    expect(await during(A, () => db.reservation.updateMany({ data: { holder: 'me' } }))).toEqual({ count: 1 });
    const rows = await owner.query('SELECT customer_id, holder FROM quota_reservation ORDER BY 1');
    expect(rows.rows).toEqual([
      { customer_id: A, holder: 'me' },
      { customer_id: B, holder: null },
    ]);
    await expect(during(A, () => db.customer.updateMany({ data: { name: 'me' } }))).rejects.toThrow('denied');
  });

  test('requests of two customers and of the installation at the same moment do not see with each other’s eyes', async () => {
    const whose = [A, B, null];
    const found = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        during(whose[index % 3] ?? null, async () =>
          (await Promise.all([A, B].map((id) => db.customer.findUnique({ where: { id } })))).map(
            (row) => row?.id ?? null,
          ),
        ),
      ),
    );
    found.forEach((ids, index) => {
      expect(ids).toEqual(
        [
          [A, null],
          [null, B],
          [A, B],
        ][index % 3],
      );
    });
  });

  test('a connection that served a customer serves the installation whole again, also after a failure', async () => {
    const failing = () =>
      db.$transaction(async (tx) => {
        await tx.customer.findMany();
        throw new Error('half-way');
      });
    for (let index = 0; index < 8; index++) await expect(during(A, failing)).rejects.toThrow('half-way');
    const { rows } = await connection.pool.query(
      `SELECT current_user = session_user AS whole, coalesce(current_setting('bastionary.customer', true), '') AS customer`,
    );
    expect(rows).toEqual([{ whole: true, customer: '' }]);
    expect(await db.customer.count()).toBe(2);
  });

  test('ways around it are closed', () => {
    request.run(A, () => {
      expect(() => (db as unknown as { $extends: unknown }).$extends).toThrow('past the wall');
      expect(() => (db as unknown as { $queryRawUnsafe: unknown }).$queryRawUnsafe).toThrow('past the wall');
      expect(() => db.$transaction([])).toThrow('list of operations');
    });
  });
});
