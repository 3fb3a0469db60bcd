const INSTANT =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is an RFC 3339 instant with an offset, in the years 1 to 9999 (also in UTC): what `instant` takes. */
export function isInstant(text: string): boolean {
  const parts = INSTANT.exec(text);
  if (parts === null) return false;
  const [, year, month, day] = parts;
  if (Number(day) > 28 && Number(day) > daysOf(Number(year), Number(month))) return false;
  const at = Date.parse(text);
  return at >= FIRST && at < AFTER_LAST;
}

const FIRST = Date.parse('0001-01-01T00:00:00Z');
const AFTER_LAST = Date.parse('+010000-01-01T00:00:00Z');

const daysOf = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};
