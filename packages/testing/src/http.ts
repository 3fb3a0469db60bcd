import type { Api } from './api-process.js';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  /** Parsed JSON; the text itself where it is none; null where there is no body. */
  body: T;
}

export interface RequestOptions {
  method?: string;
  token?: string;
  /** Sent as JSON; a string or URLSearchParams as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** One HTTP request with JSON there and back. Never throws for a status. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
export async function json<T = any>(url: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const { token, body, headers = {} } = options;
  const raw = body === undefined || typeof body === 'string' || body instanceof URLSearchParams;
  const answer = await fetch(url, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(!raw && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: raw ? body : JSON.stringify(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, headers: answer.headers, body: parsed(await answer.text()) as T };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value of an Authorization header for HTTP Basic as RFC 6749 §2.3.1 wants it: both parts form-encoded. */
export function basic(id: string, secret: string): string {
  const encode = (part: string) => new URLSearchParams([['', part]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}

/** An access token of the admin client. @param scopes default: all it may have */
export async function managementToken(api: Api, scopes?: string[]): Promise<string> {
  const { client_id, client_secret } = api.admin;
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scopes && { scope: scopes.join(' ') }) });
  const headers = { authorization: basic(client_id, client_secret) };
  const { status, body } = await json(`${api.url}/oauth2/token`, { body: form, headers });
  if (status !== 200) throw new Error(`No management token: ${status} ${JSON.stringify(body)}`);
  return body.access_token;
}
