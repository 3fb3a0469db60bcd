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

interface MachineError {
  readonly title: string;
  readonly detail: string;
  readonly code: string;
  readonly source?: { readonly pointer?: string; readonly parameter?: string };
}

/** Writes an error as JSON:API §9 has it: one per fault, the first the one that counts. */
export function writeMachineError(reply: FastifyReply, error: MachineFault | AppError): void {
  const status = error instanceof MachineFault ? error.status : PROBLEMS[error.code][0];
  if (error instanceof AppError) {
    reply.headers(error.headers);
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  }
  if (status === 401) reply.header('www-authenticate', 'License realm="bastionary", Bearer realm="bastionary"');
  reply.status(status).header('content-type', JSON_API).header('cache-control', 'no-store');
  reply.send(JSON.stringify({ errors: error instanceof MachineFault ? [ofFault(error)] : ofAppError(error) }));
}

const ofFault = ({ status, code, message, pointer }: MachineFault): MachineError => ({
  title: TITLES[status] ?? 'Bad request',
  detail: message,
  code,
  ...(pointer !== undefined && { source: { pointer } }),
});

function ofAppError({ code, message, faults }: AppError): MachineError[] {
  const [status, told] = PROBLEMS[code];
  const title = TITLES[status] ?? told;
  if (faults === undefined || faults.length === 0)
    return [{ title, detail: message, code: CODES[code] ?? code.toUpperCase() }];
  return faults.map((fault) => ({
    title,
    detail: fault.message,
    code: fault.code.toUpperCase(),
    source: fault.path.startsWith('?') ? { parameter: fault.path.slice(1) } : { pointer: fault.path || '/data' },
  }));
}
