import { z } from 'zod';

const MAX_CHARACTERS = 2_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL keeps no NUL in JSON
const hasNul = (text: string): boolean => /\u0000/.test(text);

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !hasNul(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner));
}

/** Any JSON, of at most 2,000 characters: it stands in every token of a customer's clients. */
export const jsonValue = z
  .json()
  .refine((value) => JSON.stringify(value).length <= MAX_CHARACTERS, {
    error: `must be at most ${MAX_CHARACTERS} characters of JSON`,
    abort: true,
  })
  .refine(isStorable, 'must hold well-formed Unicode only (no lone surrogate, no NUL)');
