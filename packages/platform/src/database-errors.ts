// SQLSTATE classes and socket errors that say "not now": the statement did nothing, or nobody can tell.
const AWAY =
  /^(08...|57P0[123]|53300|53400|58...|55P03|25P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|P1001|P1002|P1008|P1017|P2024|P2028)$/;
// It waited too long (statement_timeout), or in a circle with others: rolled back, and may well succeed the next time.
const BUSY = /^(57014|40001|40P01|P2034)$/;
const MESSAGES =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|connect ECONNREFUSED|not accepting connections/i;

/** Whether an error, or anything it was caused by, means that the database does not answer at the moment. */
export function isDatabaseAway(error: unknown): boolean {
  for (const link of chain(error)) {
    if ([link.code, link.originalCode].some((code) => typeof code === 'string' && AWAY.test(code))) return true;
    if (
      typeof link.kind === 'string' &&
      /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/.test(link.kind)
    )
      return true;
    if (typeof link.message === 'string' && MESSAGES.test(link.message)) return true;
  }
  return false;
}

/** Whether an error, or anything it was caused by, means that the database gave up on it for now; nothing was changed. */
export function isDatabaseBusy(error: unknown): boolean {
  for (const { code, originalCode, kind } of chain(error)) {
    if ([code, originalCode].some((one) => typeof one === 'string' && BUSY.test(one))) return true;
    if (kind === 'TransactionWriteConflict') return true;
  }
  return false;
}

// Prisma hides the driver's error in `meta.driverAdapterError.cause`; others use `cause`.
function* chain(error: unknown): Generator<Record<string, unknown>> {
  let link = error;
  for (let depth = 0; depth < 6 && typeof link === 'object' && link !== null; depth++) {
    const current = link as Record<string, unknown>;
    yield current;
    const meta = current.meta as { driverAdapterError?: unknown } | undefined;
    link = current.cause ?? meta?.driverAdapterError;
  }
}
