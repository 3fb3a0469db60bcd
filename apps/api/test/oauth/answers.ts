import type { Answer } from '@bastionary/testing/http';
import { expect } from '@jest/globals';
import type { RawAnswer } from '../support.js';

const header = ({ headers }: Answer | RawAnswer, name: string): string | null => headers.get(name) ?? null;

/** RFC 6749 §5.1: no answer of an OAuth2 endpoint may be stored. */
export function expectNotStored(answer: Answer | RawAnswer): void {
  expect([header(answer, 'cache-control'), header(answer, 'pragma')]).toEqual(['no-store', 'no-cache']);
}

/** RFC 6749 §5.2, to the letter: status, code, allowed characters, no other member, headers. */
export function expectOAuthError(answer: Answer<unknown> | RawAnswer, status: number, error: string): void {
  const { body } = answer;
  const parsed = (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, string>;
  expect([answer.status, parsed.error]).toEqual([status, error]);
  expect(Object.keys(parsed)).toEqual(['error', 'error_description']);
  for (const text of Object.values(parsed)) expect(text).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(header(answer as RawAnswer, 'content-type')).toBe('application/json; charset=utf-8');
  expectNotStored(answer as RawAnswer);
  const challenge = header(answer as RawAnswer, 'www-authenticate');
  if (status === 401) expect(challenge).toMatch(/^Basic realm="[^"]+", charset="UTF-8"$/);
  else expect(challenge).toBeNull();
}
