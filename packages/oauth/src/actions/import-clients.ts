import type { BulkClient, BulkClientView, BulkImportResult, BulkRowResult } from '@bastionary/contracts/bulk';
import type { FieldFault } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import type { Origin } from '@bastionary/platform/audit';
import type { Transaction } from '@bastionary/prisma/client';
import { createClient } from './create-client.js';
import { toBulkClient } from './export-clients.js';
import type { ClientRow } from './find-client.js';
import type { Peppers } from './peppers.js';
import { updateClient } from './update-client.js';

/** One row as it came: usable by its form, or its faults. */
export interface ImportRow {
  readonly row: number;
  readonly clientId: string | null;
  readonly wanted: BulkClient | null;
  readonly faults: readonly FieldFault[];
}

const LOCK = 7_061_992;

export type ImportOutcome = Omit<BulkImportResult, 'applied'>;

/**
 * Creates the clients that do not exist and changes those that do, row by row. A row that fails is told in the outcome and
 * does not stop the others: if any has, or nothing was to change, the caller must roll the transaction back.
 */
export async function importClients(
  tx: Transaction,
  origin: Origin,
  rows: readonly ImportRow[],
  peppers: Peppers,
  now: Date,
): Promise<ImportOutcome> {
  // One import at a time: two at once could each wait for a client that the other has locked.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
  const existing = await lockExisting(
    tx,
    rows.flatMap(({ clientId }) => clientId ?? []),
  );
  const results: BulkRowResult[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const first = row.clientId === null ? undefined : seen.get(row.clientId);
    if (row.clientId !== null && first === undefined) seen.set(row.clientId, row.row);
    const before = existing.get(row.clientId ?? '');
    results.push(
      first === undefined ? await importRow(tx, origin, row, before, peppers, now) : failed(row, [repeated(first)]),
    );
  }
  const count = (outcome: BulkRowResult['outcome']): number => results.filter((one) => one.outcome === outcome).length;
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    failed: count('failed'),
    results,
  };
}

// All at once and loaded once: most rows of an import that is repeated change nothing.
async function lockExisting(tx: Transaction, clientIds: readonly string[]): Promise<Map<string, ClientRow>> {
  const ids = [...clientIds];
  await tx.$executeRaw`SELECT 1 FROM client WHERE client_id = ANY(${ids}::text[]) ORDER BY client_id FOR UPDATE`;
  const rows = await tx.client.findMany({
    where: { clientId: { in: ids }, status: { not: 'deleted' } },
    include: { credentials: { orderBy: { createdAt: 'asc' } } },
  });
  return new Map(rows.map((row) => [row.clientId, row]));
}

async function importRow(
  tx: Transaction,
  origin: Origin,
  row: ImportRow,
  before: ClientRow | undefined,
  peppers: Peppers,
  now: Date,
): Promise<BulkRowResult> {
  if (row.wanted === null) return failed(row, row.faults);
  const { client_id: clientId, ...wanted } = row.wanted;
  const head = { row: row.row, client_id: clientId };
  try {
    if (before === undefined) {
      return { ...head, outcome: 'created', ...(await create(tx, origin, row.wanted, peppers, now)) };
    }
    const old = toBulkClient(before);
    if (isAlready(old, wanted)) return { ...head, outcome: 'unchanged' };
    const changes = difference(old, toBulkClient(await updateClient(tx, origin, clientId, wanted, undefined, now)));
    return Object.keys(changes).length === 0
      ? { ...head, outcome: 'unchanged' }
      : { ...head, outcome: 'updated', changes };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failed(row, error.faults ?? [{ path: '', code: error.code, message: error.message }]);
  }
}

// To the letter; another spelling of the same is left to updateClient to find out.
const isAlready = (client: BulkClientView, wanted: Omit<BulkClient, 'client_id'>): boolean =>
  Object.entries(wanted).every(
    ([field, value]) => JSON.stringify(client[field as keyof BulkClientView]) === JSON.stringify(value),
  );

async function create(tx: Transaction, origin: Origin, wanted: BulkClient, peppers: Peppers, now: Date) {
  const { status, scopes, ...rest } = wanted;
  if (scopes === undefined) {
    const message = 'is needed: there is no such client yet';
    throw new AppError('invalid_request', `scopes ${message}.`, {
      faults: [{ path: '/scopes', code: 'required', message }],
    });
  }
  const made = await createClient(tx, origin, { ...rest, scopes }, peppers, now);
  if (status === 'suspended') await updateClient(tx, origin, made.client_id, { status }, undefined, now);
  return made.client_secret === undefined ? {} : { client_secret: made.client_secret };
}

function difference(before: BulkClientView, after: BulkClientView): NonNullable<BulkRowResult['changes']> {
  const fields = Object.keys(before) as (keyof BulkClientView)[];
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: after[field] }]));
}

const failed = ({ row, clientId }: ImportRow, errors: readonly FieldFault[]): BulkRowResult => ({
  row,
  client_id: clientId,
  outcome: 'failed',
  errors: [...errors],
});

const repeated = (first: number): FieldFault => ({
  path: '/client_id',
  code: 'repeated',
  message: `stands in row ${first} already`,
});
