import type { Transaction } from '@bastionary/prisma/client';
import { expect } from '@jest/globals';
import type { Books } from './books.js';

export type Deed = (tx: Transaction) => Promise<unknown>;

/** From now on every statement that writes counts, and the one whose number `test.fault_at` names fails. */
export async function armFaults(books: Books): Promise<void> {
  await books.sql(`
    CREATE FUNCTION fail_at() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE written int := coalesce(nullif(current_setting('test.written', true), ''), '0')::int + 1;
    BEGIN
      PERFORM set_config('test.written', written::text, true);
      IF written::text = current_setting('test.fault_at', true) THEN RAISE EXCEPTION 'fault at write %', written; END IF;
      RETURN NULL;
    END $$`);
  for (const table of await books.tables()) {
    await books.sql(
      `CREATE TRIGGER fail_at BEFORE INSERT OR UPDATE OR DELETE ON "${table}" FOR EACH STATEMENT EXECUTE FUNCTION fail_at()`,
    );
  }
}

/**
 * Lets the first statement of a deed that writes fail, then the second, and so on until none is left and it succeeds. Each
 * fault must leave everything as it was.
 * @returns how many statements write
 */
export async function failEverywhere(books: Books, deed: Deed): Promise<number> {
  const before = await books.digest();
  for (let faults = 0; ; ) {
    const failing = books.act(async (tx) => {
      await tx.$queryRaw`SELECT set_config('test.fault_at', ${String(faults + 1)}, true)`;
      return deed(tx);
    });
    const outcome = await failing.then(
      () => 'done',
      (error: Error) => error.message,
    );
    if (outcome === 'done') {
      expect(await books.digest()).not.toBe(before);
      return faults;
    }
    expect(outcome).toContain(`fault at write ${++faults}`);
    expect(await books.digest()).toBe(before);
  }
}
