import { invalidCursor } from '../../platform/invalid-cursor.js';

interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

/** Where a page of subscriptions ends, as an opaque text. */
export const toCursor = ({ createdAt, id }: Position): string =>
  Buffer.from(`${createdAt.getTime()} ${id}`).toString('base64url');

/** @throws AppError invalid_request if the text is no cursor of this list */
export function fromCursor(cursor: string): Position {
  const [, time, id] = /^(\d{1,15}) (sub_[0-9a-z]{26})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) throw invalidCursor();
  return { createdAt: new Date(Number(time)), id };
}
