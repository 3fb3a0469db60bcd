import type { Buyer, Seller } from '../document.js';
import type { Sheet } from './sheet.js';

interface Letter {
  readonly title: string;
  readonly seller: Seller;
  readonly buyer: Buyer;
  /** Name and value, on the right */
  readonly facts: readonly (readonly [string, string])[];
}

const FACTS_WIDTH = 220;
const FACT_NAME = 56;

/** Who writes to whom, what it is, and the facts about it. */
export function letterhead(sheet: Sheet, { title, seller, buyer, facts }: Letter): void {
  const { left, right } = sheet;
  const half = right - left - FACTS_WIDTH - 24;
  const factsAt = right - FACTS_WIDTH;
  const small = { size: 8, faint: true };
  const sellerEnd = sheet.block(
    [
      [seller.name, { size: 11, bold: true }],
      ...seller.address.map((line) => [line, small] as const),
      ...optional('', seller.country, small),
      ...optional('Tax id ', seller.tax_id, small),
      ...optional('', seller.email, small),
    ],
    left,
    sheet.y,
    half,
  );
  sheet.text(title, factsAt, sheet.y - 6, FACTS_WIDTH, { size: 20, bold: true, align: 'right' });
  sheet.y = Math.max(sellerEnd, sheet.y + 40) + 32;

  const top = sheet.y;
  const buyerEnd = sheet.block(
    [
      ['Billed to', small],
      [buyer.name, { size: 10, bold: true }],
      ...buyer.address.map((line) => [line, {}] as const),
      ...optional('', buyer.country, {}),
      ...optional('Tax id ', buyer.tax_id, {}),
      [buyer.email, { faint: true }],
    ],
    left,
    top,
    half,
  );
  let at = top;
  for (const [name, value] of facts) {
    sheet.text(name, factsAt, at, FACT_NAME, { faint: true });
    at += sheet.text(value, factsAt + FACT_NAME, at, FACTS_WIDTH - FACT_NAME, { align: 'right' });
  }
  sheet.y = Math.max(buyerEnd, at) + 28;
}

const optional = <Style>(before: string, value: string | null, style: Style): (readonly [string, Style])[] =>
  value === null ? [] : [[`${before}${value}`, style]];
