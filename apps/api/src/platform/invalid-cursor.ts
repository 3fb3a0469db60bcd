import { AppError } from '@bastionary/platform/app-error';

/** The `cursor` of a list request is none that this list has given. */
export function invalidCursor(): AppError {
  const message = 'is not a cursor of this list; use the next_cursor of the page before';
  const faults = [{ path: '?cursor', code: 'invalid_cursor', message }];
  return new AppError('invalid_request', `cursor ${message}.`, { faults });
}
