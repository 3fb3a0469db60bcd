import { PROBLEMS } from '@bastionary/contracts/problem';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { AppError } from '@bastionary/platform/app-error';

/** RFC 6749 §5.1: no answer of the OAuth2 endpoints may be stored, and all are JSON. */
export const OAUTH_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  pragma: 'no-cache',
} as const;

export interface OAuthErrorAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: { readonly error: string; readonly error_description: string };
}

/** An error of the token, introspection or revocation endpoint: RFC 6749 §5.2, and nothing that tells more. */
export function oauthErrorAnswer(error: OAuthFault | AppError, issuer: string): OAuthErrorAnswer {
  const { status, code, description } = error instanceof OAuthFault ? fromFault(error) : fromAppError(error);
  const headers: Record<string, string> = { ...OAUTH_HEADERS, ...error.headers };
  // RFC 9110 §15.5.2: a 401 carries a challenge; RFC 6749 §5.2: of the scheme the client used.
  if (status === 401) headers['www-authenticate'] = `Basic realm="${issuer}", charset="UTF-8"`;
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  return { status, headers, body: { error: code, error_description: describe(description) } };
}

// RFC 6749 §5.2: error_description = %x20-21 / %x23-5B / %x5D-7E
const describe = (text: string): string => text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");

const fromFault = (fault: OAuthFault) => ({ status: fault.status, code: fault.error, description: fault.message });

// What went wrong before the endpoint was reached, in OAuth2's few words.
function fromAppError(error: AppError): { status: number; code: string; description: string } {
  const [status] = PROBLEMS[error.code];
  if (error.code === 'unavailable') return { status, code: 'temporarily_unavailable', description: error.message };
  if (error.code === 'internal') return { status, code: 'server_error', description: error.message };
  if (error.code === 'unsupported_media_type') {
    return { status: 400, code: 'invalid_request', description: 'The body must be application/x-www-form-urlencoded' };
  }
  return { status, code: 'invalid_request', description: error.message };
}
