/** A number of so many characters without an exponent is one that JavaScript keeps: it has 15 digits at most. */
const SHORT = 15;

/**
 * The value of a JSON text in which a number that JavaScript would round is NaN, which no JSON can say: whoever needs
 * exact numbers refuses it.
 * @param parsed what JSON.parse made of the text
 */
export function exactly(json: string, parsed: unknown): unknown {
  return hasLongNumber(json) ? (JSON.parse as Parse)(json, keepOrMark) : parsed;
}

const [QUOTE, BACKSLASH, NINE] = [0x22, 0x5c, 0x39];
// Between them are the sign and the point too. An exponent is no number here, and so ends what looks like one.
const isOfNumber = (character: number): boolean => character >= 0x2b && character <= NINE && character !== 0x2c;

/** Whether a number in a JSON text is so long, or has an exponent, that it is worth a closer look. */
function hasLongNumber(json: string): boolean {
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) at = endOfText(json, at);
    else if (isOfNumber(character)) {
      const start = at;
      while (isOfNumber(json.charCodeAt(at + 1))) at++;
      // 0x20 makes a small letter of a capital one.
      if (at - start >= SHORT || (json.charCodeAt(at + 1) | 0x20) === 0x65) return true;
    }
  }
  return false;
}

/** Where the text that begins at `start` has its closing quote. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

type Parse = (
  json: string,
  reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

const keepOrMark = (_name: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' && digitsOf(source ?? '') !== digitsOf(String(value)) ? Number.NaN : value;

/** A number in one form: its digits without zeros around them, and the place of the point. */
function digitsOf(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}
