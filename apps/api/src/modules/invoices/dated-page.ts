import { type DatedPosition, fromCursor, toCursor } from '../../platform/dated-cursor.js';

interface Row {
  readonly id: string;
  readonly createdAt: Date;
}

/**
 * A page of a list with the newest first.
 * @param ids what an id of this list looks like
 * @param find one row more than `limit`, if there are more
 * @throws AppError invalid_request if the cursor is none of this list
 */
export async function datedPage<R extends Row, View>(
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  ids: RegExp,
  find: (after: DatedPosition | undefined) => Promise<readonly R[]>,
  view: (rows: readonly R[]) => Promise<View[]>,
): Promise<{ data: View[]; next_cursor: string | null }> {
  const rows = await find(cursor === undefined ? undefined : fromCursor(cursor, ids));
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    data: await view(shown),
    next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
  };
}
