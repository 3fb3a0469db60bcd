import { PROBLEMS, type ProblemCode } from '@bastionary/contracts/problem';
import { AppError } from '@bastionary/platform/app-error';
import type { FastifyReply } from 'fastify';

/** Paths that programs with a licence call: JSON:API in, signed JSON:API out. */
export const isMachinePath = (url: string): boolean => url.startsWith('/v1/');

/** JSON:API 1.1 §5. */
export const JSON_API = 'application/vnd.api+json';

/** A refusal in the words of the machine-facing protocol. */
export class MachineFault extends Error {
  override readonly name = 'MachineFault';

  /** @param pointer the member of the body at fault, a JSON Pointer */
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly pointer?: string,
  ) {
    super(detail);
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Access denied',
  404: 'Not found',
  409: 'Conflict',
  422: 'Unprocessable resource',
  429: 'Too many requests',
};

/** Where the protocol has names of its own for what is refused everywhere. */
const CODES: Partial<Record<ProblemCode, string>> = {
  unauthenticated: 'TOKEN_MISSING',
  invalid_token: 'TOKEN_INVALID',
  insufficient_scope: 'TOKEN_NOT_ALLOWED',
  invalid_request: 'PARAMETERS_INVALID',
  internal: 'INTERNAL_ERROR',
};

/** Refusals that the protocol answers with 403; what else the state of a licence forbids is 422. */
const FORBIDDEN = new Set(['license_suspended', 'license_expired', 'license_banned', 'license_revoked']);

/** Where a field stands in a document of the protocol. */
function pointerOf(path: string): string {
  const [, first = '', ...rest] = path.split('/');
  if (['', 'data', 'meta'].includes(first)) return path || '/data';
  if (first === 'components')
    return ['/data/relationships/components/data', rest[0], 'attributes', ...rest.slice(1)].join('/');
  return `/data/attributes${path}`;
}

function statusOf({ code, faults }: AppError): number {
  const [status] = PROBLEMS[code];
  if (status !== 409) return status;
  return FORBIDDEN.has(faults?.[0]?.code ?? '') ? 403 : 422;
}

interface MachineError {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string };
}

/** Writes an error as JSON:API §9 has it: one per fault, the first the one that counts. */
export function writeMachineError(reply: FastifyReply, error: MachineFault | AppError): void {
  const status = error instanceof MachineFault ? error.status : statusOf(error);
  if (error instanceof AppError) {
    reply.headers(error.headers);
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
    if (error.limit !== undefined) reply.headers(exceeded(error.limit, error.retryAfterSeconds ?? 1));
  }
  if (status === 401) reply.header('www-authenticate', 'License realm="bastionary", Bearer realm="bastionary"');
  reply.status(status).header('content-type', JSON_API).header('cache-control', 'no-store');
  reply.send(JSON.stringify({ errors: error instanceof MachineFault ? [ofFault(error)] : ofAppError(error) }));
}

/** What clients of the protocol read of a limit that is used up. */
const exceeded = ({ count, seconds }: NonNullable<AppError['limit']>, retryAfterSeconds: number) => ({
  'x-ratelimit-window': `${seconds}s`,
  'x-ratelimit-count': count,
  'x-ratelimit-limit': count,
  'x-ratelimit-remaining': 0,
  'x-ratelimit-reset': Math.ceil(Date.now() / 1_000) + retryAfterSeconds,
});

const ofFault = ({ status, code, message, pointer }: MachineFault): MachineError => ({
  title: TITLES[status] ?? 'Bad request',
  detail: message,
  code,
  ...(pointer !== undefined && { source: { pointer } }),
});

function ofAppError(error: AppError): MachineError[] {
  const { code, message, faults } = error;
  const title = TITLES[statusOf(error)] ?? PROBLEMS[code][1];
  if (faults === undefined || faults.length === 0)
    return [{ title, detail: message, code: CODES[code] ?? code.toUpperCase() }];
  return faults.map((fault) => ({
    title,
    detail: fault.message,
    code: fault.code.toUpperCase(),
    source: fault.path.startsWith('?') ? { parameter: fault.path.slice(1) } : { pointer: pointerOf(fault.path) },
  }));
}
