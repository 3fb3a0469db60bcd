/** The error codes of RFC 6749 §5.2, RFC 7009 §2.2.1 and RFC 8707 §2 that leave this house. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unsupported_token_type'
  | 'slow_down'
  | 'server_error'
  | 'temporarily_unavailable';

/**
 * A refusal at an OAuth2 endpoint. `message` is the public error_description (the characters of RFC 6749 §5.2 only);
 * `reason` is for our own eyes: an outsider must not tell an unknown client from a wrong secret.
 */
export class OAuthFault extends Error {
  readonly error: OAuthErrorCode;
  readonly reason: string;
  /** The kind of reason, stable: by it refusals are counted and limited. */
  readonly reasonCode: string;
  /** What the request claimed to be; undefined if it did not say. Proven or not. */
  readonly clientId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    error: OAuthErrorCode,
    description: string,
    options: { reason?: string; reasonCode?: string; clientId?: string; retryAfterSeconds?: number } = {},
  ) {
    super(description);
    this.name = 'OAuthFault';
    this.error = error;
    this.reason = options.reason ?? description;
    this.reasonCode = options.reasonCode ?? error;
    this.clientId = options.clientId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** RFC 6749 §5.2: 400 unless said otherwise; failed client authentication is 401. */
  get status(): number {
    if (this.error === 'invalid_client') return 401;
    if (this.error === 'slow_down') return 429;
    if (this.error === 'temporarily_unavailable') return 503;
    return this.error === 'server_error' ? 500 : 400;
  }
}
