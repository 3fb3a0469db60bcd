// What a spreadsheet takes for a formula, and the sign that keeps it from doing so.
const FORMULA = /^['=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A cell that no spreadsheet computes: what could be a formula gets an apostrophe in front. */
export const harmlessCell = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** The text that `harmlessCell` was given. */
export const textOfCell = (cell: string): string =>
  cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
