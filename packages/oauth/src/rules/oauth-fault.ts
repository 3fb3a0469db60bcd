/** The error codes of RFC 6749 §5.2, RFC 7009 §2.2.1, RFC 8707 §2 and RFC 9449 §5, §8 that leave this house. */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unsupported_token_type'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
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
  /** Stable name of the reason. */
  readonly reasonCode: string;
  /** The client the request is about, where that is known or claimed. */
  clientId: string | undefined;
  /** The scope that was asked for, where the client had proven who it is. */
  scope: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Header fields that the answer carries besides those of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** One of many alike that were told already, such as the refusals of a limit. */
  readonly isRepeat: boolean;

  constructor(
    error: OAuthErrorCode,
    description: string,
    options: {
      reason?: string;
      reasonCode?: string;
      clientId?: string;
      retryAfterSeconds?: number;
      headers?: Readonly<Record<string, string>>;
      isRepeat?: boolean;
    } = {},
  ) {
    super(description);
    this.name = 'OAuthFault';
    this.error = error;
    this.reason = options.reason ?? description;
    this.reasonCode = options.reasonCode ?? error;
    this.clientId = options.clientId;
    this.headers = options.headers ?? {};
    this.isRepeat = options.isRepeat ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Says which client it is about and what was asked for, where the rule that refused did not know. */
  about(clientId: string, scope?: string): this {
    this.clientId ??= clientId;
    this.scope ??= scope;
    return this;
  }

  /** RFC 6749 §5.2: 400 unless said otherwise; failed client authentication is 401. */
  get status(): number {
    if (this.error === 'invalid_client') return 401;
    if (this.error === 'slow_down') return 429;
    if (this.error === 'temporarily_unavailable') return 503;
    return this.error === 'server_error' ? 500 : 400;
  }
}
