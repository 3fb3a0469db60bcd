import { PROBLEMS } from '@bastionary/contracts/problem';
import { OAuthFault } from '@bastionary/oauth/rules/oauth-fault';
import { AppError } from '@bastionary/platform/app-error';
import type { FastifyReply } from 'fastify';

// RFC 6749 §5.2: error_description = %x20-21 / %x23-5B / %x5D-7E
const describe = (text: string): string => text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'");

/** RFC 6749 §5.1: no answer of these endpoints may be stored. */
function forbidStoring(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache');
}

/** An error of the token, introspection or revocation endpoint: RFC 6749 §5.2, and nothing that tells more. */
export function writeOAuthError(reply: FastifyReply, error: OAuthFault | AppError, issuer: string): void {
  const { status, code, description } = error instanceof OAuthFault ? fromFault(error) : fromAppError(error);
  forbidStoring(reply);
  // RFC 9110 §15.5.2: a 401 carries a challenge; RFC 6749 §5.2: of the scheme the client used.
  if (status === 401) reply.header('www-authenticate', `Basic realm="${issuer}", charset="UTF-8"`);
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  reply
    .status(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send({ error: code, error_description: describe(description) });
}

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
