import { z } from 'zod';

// C0 and C1 controls, and DEL. NUL among them: PostgreSQL refuses it, and a lone surrogate it would silently replace.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether a text has a character that no text here may have. */
export const hasControl = (value: string): boolean => CONTROL.test(value);

/** Human text: trimmed, 1 to `maxLength` UTF-16 units, well-formed Unicode, no control characters. */
export const text = (maxLength: number) =>
  z
    .string()
    .refine((value) => value.isWellFormed(), { error: 'must be well-formed Unicode (no lone surrogate)', abort: true })
    .refine((value) => !CONTROL.test(value), { error: 'must not contain control characters', abort: true })
    .transform((value) => value.trim())
    .pipe(z.string().min(1, 'must not be empty').max(maxLength, `must be at most ${maxLength} characters`));

/** Text to look for: nothing that could not be in a stored text, `maxLength` UTF-16 units at most. */
export const queryText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine(
      (value) => value.isWellFormed() && !CONTROL.test(value),
      'must be well-formed text without control characters',
    );

// What RFC 3339 can write, also after it was moved to UTC.
const isYearInRange = (value: string): boolean => {
  const at = Date.parse(value);
  return Number.isNaN(at) || /^(?!0000)\d{4}-/.test(new Date(at).toISOString());
};

/** An instant on the wire: RFC 3339 with an offset; leaves as UTC. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time with an offset, for example 2027-12-31T23:59:59Z' })
  .refine(isYearInRange, 'must lie in the years 1 to 9999')
  .meta({ format: 'date-time' });

/** The RFC 3339 UTC form of an instant; milliseconds only where there are any. */
export const toInstant = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

export const toInstantOrNull = (date: Date | null): string | null => (date === null ? null : toInstant(date));
