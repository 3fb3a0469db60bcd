import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Books, ORIGIN } from '../../test/books.js';
import { finalizeMany } from './finalize-invoice.js';
import { verifySeries } from './verify-documents.js';
import { voidInvoice } from './void-invoice.js';

const DRAFTS = Number(process.env.FINALIZE_DRAFTS ?? 100);
const WORKERS = 20;

let books: Books;
beforeAll(async () => {
  books = await Books.open(WORKERS);
});
afterAll(() => books.close());

class RolledBack extends Error {}

test(`E54: ${WORKERS} workers finalize ${DRAFTS} drafts, every tenth transaction is rolled back`, async () => {
  const customers = await Promise.all(Array.from({ length: 10 }, () => books.customer()));
  const drafts: string[] = [];
  for (let index = 0; index < DRAFTS; index++) {
    drafts.push(
      await books.draft(customers[index % 10] ?? '', [{ amount: index - 2 }, { amount: 3, tax: 1, taxRate: '19' }]),
    );
  }
  let turn = 0;
  let rolledBack = 0;
  // Two schedulers: every draft is due in both, in chunks that overlap.
  const due = [...drafts, ...drafts.toReversed()];
  async function work(): Promise<void> {
    for (let start = turn++ * 3; start < due.length; start = turn++ * 3) {
      const chunk = due.slice(start, start + 3);
      for (let isDone = false; !isDone; ) {
        const fails = (start / 3 + rolledBack) % 10 === 9;
        isDone = await books
          .act(async (tx) => {
            await finalizeMany(tx, ORIGIN, chunk, books.around);
            if (fails) throw new RolledBack();
            return true;
          })
          .catch((error: unknown) => {
            if (!(error instanceof RolledBack)) throw error;
            rolledBack++;
            return false;
          });
      }
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, work));
  expect(rolledBack).toBeGreaterThanOrEqual(Math.floor(DRAFTS / 30));

  const rows = await books.sql('SELECT id, sequence::int, number, status FROM invoice ORDER BY sequence');
  expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: DRAFTS }, (_, index) => index + 1));
  expect(new Set(rows.map(({ number }) => number)).size).toBe(DRAFTS);
  expect(rows.every(({ status }) => status !== 'draft')).toBe(true);
  expect(await books.imbalance()).toEqual([]);
  expect(await verifySeries(books.connection.db, 'INV')).toEqual({
    ok: true,
    series: 'INV',
    documents: DRAFTS,
    differences: [],
  });
  const [{ posted, told }] = await books.sql(
    `SELECT (SELECT count(*)::int FROM ledger_transaction WHERE kind = 'invoice.finalized') AS posted,
      (SELECT count(*)::int FROM outbox_event WHERE type = 'invoice.finalized') AS told`,
  );
  expect([posted, told]).toEqual([DRAFTS, DRAFTS]);

  const open = rows.filter(({ status }) => status === 'open').slice(0, 5);
  for (const { id } of open) await books.act((tx) => voidInvoice(tx, ORIGIN, id, { rebill: false }, books.around));
  const draft = await books.draft(customers[0] ?? '', [{ amount: 1 }]);
  const after = await books.sql('SELECT id, number, status FROM invoice WHERE id = ANY($1)', [
    [draft, ...open.map(({ id }) => id)],
  ]);
  expect(
    after
      .filter(({ status }) => status === 'void')
      .map(({ number }) => number)
      .sort(),
  ).toEqual(open.map(({ number }) => number).sort());
  expect(after.find(({ id }) => id === draft)).toEqual({ id: draft, number: null, status: 'draft' });
});
