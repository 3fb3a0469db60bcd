import { PROBLEMS } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import { isDatabaseAway, isDatabaseBusy } from '@bastionary/platform/database-errors';
import { allowedMethods } from './allowed-methods.js';

/** What Fastify and Nest throw by themselves, in our words. Anything else is our fault, and says nothing more than that. */
export function toAppError(error: unknown, request: { method: string; url: string }): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseAway(error)) {
    return new AppError('unavailable', 'The database does not answer. Nothing was changed; try again.', {
      cause: error,
      retryAfterSeconds: 2,
    });
  }
  if (isDatabaseBusy(error)) {
    return new AppError('unavailable', 'It waited too long for other changes. Nothing was changed; try again.', {
      cause: error,
      retryAfterSeconds: 2,
    });
  }
  const { code, status, statusCode = status } = error as { code?: string; status?: number; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413)
    return new AppError('body_too_large', 'The body is larger than allowed here.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || statusCode === 415) {
    return new AppError('unsupported_media_type', 'This content type is not accepted here; send application/json.');
  }
  if (statusCode === 408) return new AppError('request_timeout', PROBLEMS.request_timeout[1]);
  if (statusCode === 404) {
    if (allowedMethods(request).length > 0) {
      return new AppError(
        'method_not_allowed',
        `${request.method} is not allowed here; ${allowedMethods(request).join(', ')} is.`,
      );
    }
    return new AppError('not_found', 'There is nothing at this address. /docs lists what there is.');
  }
  if (statusCode === 400) return new AppError('malformed_json', 'The body could not be read as JSON.');
  if (statusCode === 503)
    return new AppError('unavailable', 'This process is stopping; try again.', { retryAfterSeconds: 1 });
  return new AppError(
    'internal',
    'Something failed on our side. Nothing was changed. The request id finds it in the log.',
    { cause: error },
  );
}
