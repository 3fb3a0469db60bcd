import type { FieldFault, ProblemCode } from '@bastionary/contracts/problem';

interface Limit {
  readonly count: number;
  readonly seconds: number;
}

/**
 * A refusal that may be told: a stable code, a public sentence, and the fields at fault.
 * `cause` is private: it is logged and never leaves the house.
 */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly faults: readonly FieldFault[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Header fields that the answer carries besides those of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** How many there may be, in how many seconds, where there were too many. */
  readonly limit: Limit | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      faults?: readonly FieldFault[];
      cause?: unknown;
      retryAfterSeconds?: number;
      headers?: Readonly<Record<string, string>>;
      limit?: Limit;
    } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.faults = options.faults;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
    this.limit = options.limit;
  }
}
