import { type Problem, problem } from '@bastionary/contracts/problem';
import type { z } from 'zod';
import { proveAgain } from './step-up';

/** An answer that is not a success, or no answer at all (`status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: Problem | null,
    readonly retryAfterSeconds: number | null,
  ) {
    super(problem?.detail ?? withoutProblem(status));
  }

  get code() {
    return this.problem?.code ?? null;
  }

  /** What went wrong per field, keyed by the field's name in the body. */
  get fieldErrors(): Record<string, string> {
    const faults = this.problem?.errors ?? [];
    return Object.fromEntries(faults.map(({ path, message }) => [path.split('/')[1] ?? path, message]));
  }
}

const withoutProblem = (status: number) =>
  status === 0
    ? 'The server cannot be reached. Check your connection and try again.'
    : `The server answered ${status}.`;

type Options = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a text as it is, with a content type of the caller's. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/**
 * Sends one request; anything but a success is thrown as an ApiError. A dangerous act may want a fresh proof first: once it
 * was given, the same request is sent again.
 */
export const send = async (path: string, options: Options = {}): Promise<Response> => {
  const { method = 'GET', body, headers, signal } = options;
  const isText = typeof body === 'string';
  const response = await fetch(path, {
    method,
    signal: signal ?? null,
    headers: {
      accept: 'application/json',
      ...(body !== undefined && !isText && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, null, null);
  });
  if (response.ok) return response;

  const parsed = problem.safeParse(await response.json().catch(() => null));
  if (parsed.data?.code === 'step_up_required' && (await proveAgain())) return send(path, options);
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  throw new ApiError(response.status, parsed.data ?? null, Number.isNaN(retryAfter) ? null : retryAfter);
};

export const fetchJson = async <Schema extends z.ZodType>(schema: Schema, path: string, options?: Options) => {
  const response = await send(path, options);
  return schema.parse(await response.json()) as z.output<Schema>;
};

/** The same with the ETag that an edit of it has to name. */
export const fetchVersioned = async <Schema extends z.ZodType>(schema: Schema, path: string, options?: Options) => {
  const response = await send(path, options);
  return {
    body: schema.parse(await response.json()) as z.output<Schema>,
    etag: response.headers.get('etag') ?? '*',
  };
};

/** `?a=1&b=2` of the members that are set. */
export const queryString = (parameters: Record<string, string | number | undefined>) => {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
};
