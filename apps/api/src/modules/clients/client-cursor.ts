import { invalidCursor } from '../../platform/invalid-cursor.js';

interface Position {
  readonly createdAt: Date;
  readonly clientId: string;
}

/** Where a page of clients ends, as an opaque text. */
export const toCursor = ({ createdAt, clientId }: Position): string =>
  Buffer.from(`${createdAt.getTime()} ${clientId}`).toString('base64url');

/** @throws AppError invalid_request if the text is no cursor of this list */
export function fromCursor(cursor: string): Position {
  const [, time, clientId] =
    /^(\d{1,15}) ([A-Za-z0-9._~-]{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || clientId === undefined) throw invalidCursor();
  return { createdAt: new Date(Number(time)), clientId };
}
