import { PROBLEMS, type Problem } from '@bastionary/contracts/problem';
import { ALGORITHM_NAMES } from '@bastionary/oauth/rules/compact-jws';
import type { AppError } from '@bastionary/platform/app-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { InsufficientScope, InvalidProof } from './bearer-error.js';

/** RFC 9457 problem details. */
export function writeProblem(reply: FastifyReply, error: AppError, request: FastifyRequest): void {
  const [status, title] = PROBLEMS[error.code];
  const body: Problem = {
    type: `urn:bastionary:problem:${error.code}`,
    title,
    status,
    code: error.code,
    detail: error.message,
    request_id: request.id,
    ...(error.faults === undefined ? {} : { errors: [...error.faults] }),
  };
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  if (error instanceof InvalidProof) reply.header('dpop-nonce', error.nonce);
  const challenge = bearerChallenge(error);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  reply
    .status(status)
    .headers(error.headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(body);
}

// RFC 6750 §3: no error code if the request had no token at all.
function bearerChallenge(error: AppError): string | undefined {
  const realm = 'Bearer realm="bastionary"';
  if (error instanceof InvalidProof)
    return `DPoP realm="bastionary", error="${error.error}", algs="${ALGORITHM_NAMES.join(' ')}"`;
  if (error instanceof InsufficientScope) return `${realm}, error="insufficient_scope", scope="${error.scope}"`;
  if (error.code === 'invalid_token') return `${realm}, error="invalid_token", error_description="${error.message}"`;
  return error.code === 'unauthenticated' ? realm : undefined;
}
