import { invalidCursor } from './invalid-cursor.js';

/** Where a page ends, in a list with the newest first. */
export interface DatedPosition {
  readonly at: Date;
  readonly id: string;
}

/** The opaque `next_cursor` after a row. */
export const toCursor = ({ at, id }: DatedPosition): string =>
  Buffer.from(`${at.getTime()} ${id}`).toString('base64url');

/**
 * @param ids what an id of this list looks like, from its first to its last character
 * @throws AppError invalid_request if the text is no cursor of this list
 */
export function fromCursor(cursor: string, ids: RegExp): DatedPosition {
  const [, time, id] = /^(\d{1,15}) (.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined || !ids.test(id)) throw invalidCursor();
  return { at: new Date(Number(time)), id };
}
