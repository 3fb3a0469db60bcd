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

/** RFC 9449 §7.1: the token is bound, and the proof that came with it does not hold, or lacks a nonce of ours. */
export class InvalidProof extends AppError {
  constructor(
    readonly error: 'invalid_dpop_proof' | 'use_dpop_nonce',
    detail: string,
    readonly nonce: string,
  ) {
    super('invalid_token', detail);
  }
}
