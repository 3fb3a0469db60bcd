import { AppError } from '@bastionary/platform/app-error';

/** A field whose value cannot be. @param path JSON Pointer into the body */
export const invalidField = (path: string, message: string): AppError =>
  new AppError('invalid_request', `${path}: ${message}.`, { faults: [{ path, code: 'invalid_value', message }] });
