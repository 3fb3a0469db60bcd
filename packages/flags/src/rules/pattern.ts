import { RE2JS } from 're2js';

const KEPT_MAX = 5_000;
const PROGRAM_MAX = 2_000;
const compiled = new Map<string, RE2JS>();

/** Whether a text has a match anywhere, in time that grows with its length only. */
export function matches(pattern: string, text: string): boolean {
  let machine = compiled.get(pattern);
  if (machine === undefined) {
    machine = RE2JS.compile(pattern);
    if (compiled.size >= KEPT_MAX) compiled.clear();
    compiled.set(pattern, machine);
  }
  return machine.matcher(text).find();
}

/** What is wrong with a pattern (RE2 syntax); null: nothing. */
export function patternFault(pattern: string): string | null {
  try {
    const size = RE2JS.compile(pattern).programSize();
    return size > PROGRAM_MAX ? 'is too large: it repeats too much' : null;
  } catch (error) {
    return `is not a regular expression in RE2 syntax: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}
