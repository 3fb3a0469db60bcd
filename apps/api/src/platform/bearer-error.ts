import { AppError } from '@bastionary/platform/app-error';

/** RFC 6750 §3.1: the token is missing its type, malformed, expired, revoked or not for us. */
export class InvalidToken extends AppError {
  constructor(detail: string) {
    super('invalid_token', detail);
  }
}

/** RFC 6750 §3.1: the token, or the operator's role, does not reach this far. */
export class InsufficientScope extends AppError {
  readonly scope: string;

  constructor(scope: string) {
    super('insufficient_scope', `This needs the permission ${scope}.`);
    this.scope = scope;
  }
}
