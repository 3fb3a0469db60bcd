/** Only a number with so many digits can be one that JavaScript rounds; a text with as many is looked at in vain. */
const MANY_DIGITS = /\d[\d.]{15}|\d[eE][+-]?\d/;

/**
 * The value of a JSON text in which a number that JavaScript would round is NaN, which no JSON can say: whoever needs
 * exact numbers refuses it.
 * @param parsed what JSON.parse made of the text
 */
export function exactly(json: string, parsed: unknown): unknown {
  return MANY_DIGITS.test(json) ? (JSON.parse as Parse)(json, keepOrMark) : parsed;
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
