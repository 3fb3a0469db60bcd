import { AppError } from '@bastionary/platform/app-error';

/** What a person is told who has guessed too often. @param what was guessed, for example `passwords` */
export const tooManyGuesses =
  (what: string) =>
  (retryAfterSeconds: number): AppError => {
    const minutes = Math.ceil(retryAfterSeconds / 60);
    return new AppError('too_many_requests', `Too many wrong ${what}. Try again in ${minutes} min.`, {
      retryAfterSeconds,
    });
  };
