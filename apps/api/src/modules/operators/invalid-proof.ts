import { AppError } from '@bastionary/platform/app-error';

/** A proof that does not hold. What is told is always the same; the reason goes into the log. */
export const invalidProof = (reason: string): AppError =>
  new AppError('invalid_sign_in', 'This proof does not hold: it is wrong, was used before, or is too old.', {
    cause: new Error(reason),
  });
