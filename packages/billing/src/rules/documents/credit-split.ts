import { allocate } from '../rating/allocate.js';

/** What can still be taken back of a line: net and tax, both as the line has them signed. */
export interface CreditableLine {
  readonly id: string;
  readonly net: bigint;
  readonly tax: bigint;
}

/** What is asked to be taken back: all that is left, a gross amount, or net amounts of lines. */
export type CreditWish =
  | { readonly kind: 'all' }
  | { readonly kind: 'gross'; readonly amount: bigint }
  | { readonly kind: 'lines'; readonly lines: readonly { readonly lineId: string; readonly net: bigint }[] };

export interface CreditedLine {
  readonly lineId: string;
  readonly net: bigint;
  readonly tax: bigint;
}

export type CreditSplit =
  | { readonly outcome: 'split'; readonly lines: readonly CreditedLine[]; readonly net: bigint; readonly tax: bigint }
  | {
      readonly outcome: 'refused';
      readonly code: 'nothing_left' | 'exceeds_invoiced' | 'unknown_line' | 'repeated_line';
      readonly reason: string;
      readonly path: string;
    };

/**
 * What of each line is taken back. A gross amount is spread over the lines that ask for money by what is left of them, by
 * largest remainder, and each part splits into net and tax as the line does; the tax of a net amount is its share of the
 * line's tax, half away from zero, and what takes the rest of a line takes the rest of its tax. Never more than is left.
 */
export function splitCredit(left: readonly CreditableLine[], wish: CreditWish): CreditSplit {
  const total = left.reduce((sum, { net, tax }) => sum + net + tax, 0n);
  if (total <= 0n) return refused('nothing_left', 'All of it has been credited, or it asks for nothing.', '');
  const chosen = choose(left, wish);
  if (!Array.isArray(chosen)) return chosen;
  const lines = chosen.filter(({ net, tax }) => net !== 0n || tax !== 0n);
  const net = lines.reduce((sum, line) => sum + line.net, 0n);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0n);
  if (net + tax > total) return tooMuch(net + tax, total, '');
  return { outcome: 'split', lines, net, tax };
}

function choose(left: readonly CreditableLine[], wish: CreditWish): CreditedLine[] | Refused {
  if (wish.kind === 'all') return left.map(({ id, net, tax }) => ({ lineId: id, net, tax }));
  return wish.kind === 'gross' ? ofGross(left, wish.amount) : ofLines(left, wish.lines);
}

function ofGross(left: readonly CreditableLine[], amount: bigint): CreditedLine[] | Refused {
  const total = left.reduce((sum, { net, tax }) => sum + net + tax, 0n);
  if (amount > total) return tooMuch(amount, total, '/amount');
  const charging = left.filter(({ net, tax }) => net >= 0n && tax >= 0n);
  const shares = allocate(
    amount,
    charging.map(({ net, tax }) => net + tax),
  );
  return charging.map(({ id, net, tax }, index) => {
    const [ofNet = 0n, ofTax = 0n] = allocate(shares[index] ?? 0n, [net, tax]);
    return { lineId: id, net: ofNet, tax: ofTax };
  });
}

function ofLines(
  left: readonly CreditableLine[],
  wanted: readonly { lineId: string; net: bigint }[],
): CreditedLine[] | Refused {
  const lines: CreditedLine[] = [];
  for (const [index, { lineId, net }] of wanted.entries()) {
    const path = `/lines/${index}`;
    const line = left.find(({ id }) => id === lineId);
    if (line === undefined) return refused('unknown_line', `The invoice has no line ${lineId}.`, `${path}/line_id`);
    if (lines.some((one) => one.lineId === lineId)) {
      return refused('repeated_line', `The line ${lineId} is named twice.`, `${path}/line_id`);
    }
    if (net > line.net) return tooMuch(net, line.net, `${path}/amount`);
    lines.push({ lineId, net, tax: net === line.net ? line.tax : shareOf(line.tax, net, line.net) });
  }
  return lines;
}

/** `tax` times `part` of `whole`, half away from zero; `part` and `whole` are positive. */
function shareOf(tax: bigint, part: bigint, whole: bigint): bigint {
  const size = tax < 0n ? -tax : tax;
  const rounded = (2n * size * part + whole) / (2n * whole);
  return tax < 0n ? -rounded : rounded;
}

type Refused = Extract<CreditSplit, { outcome: 'refused' }>;

const refused = (code: Refused['code'], reason: string, path: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
  path,
});

const tooMuch = (asked: bigint, left: bigint, path: string): Refused =>
  refused('exceeds_invoiced', `${asked} is more than the ${left < 0n ? 0n : left} that are left to credit.`, path);
