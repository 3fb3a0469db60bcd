import { type CreditNoteDocument, type DocumentLine, documentBytes, type InvoiceDocument } from '../document.js';
import { letterhead } from './letterhead.js';
import { cut, day, days, decimal, type Fonts, money, Sheet } from './sheet.js';
import { sums, table } from './table.js';

/** The document as people read it. The same document and fonts are the same bytes, whenever and wherever it is drawn. */
export const documentPdf = (facts: InvoiceDocument | CreditNoteDocument, fonts: Fonts): Promise<Uint8Array> =>
  facts.kind === 'invoice' ? invoicePdf(facts, fonts) : creditNotePdf(facts, fonts);

const SMALL_PRINT = 600;

function invoicePdf(invoice: InvoiceDocument, fonts: Fonts): Promise<Uint8Array> {
  const { number, seller, buyer, currency, finalized_at, due_at, period, lines, credits_applied: credits } = invoice;
  const head = { title: `Invoice ${number}`, author: seller.name, madeAt: new Date(finalized_at) };
  const sheet = new Sheet(fonts, head);
  const due = BigInt(invoice.total) - BigInt(credits);
  const facts: [string, string][] = [
    ['Number', number],
    ['Date', day(finalized_at)],
    ['Due', day(due_at)],
    ['Period', days(period)],
    ['Customer', buyer.id],
  ];
  letterhead(sheet, { title: 'Invoice', seller, buyer, facts });
  const columns = [
    { title: 'Description', width: 0 },
    { title: 'Quantity', width: 80 },
    { title: 'Tax', width: 40 },
    { title: `Amount (${currency})`, width: 80 },
  ];
  table(
    sheet,
    columns,
    lines.map((line) => ({
      cells: [
        cut(line.description, SMALL_PRINT),
        decimal(line.quantity),
        percent(line.tax_rate),
        money(line.amount, currency),
      ],
      small: smallPrint(line, currency),
    })),
  );
  const amount = (minor: string | bigint): string => money(String(minor), currency);
  sums(sheet, [
    { name: 'Subtotal', value: amount(invoice.subtotal) },
    ...(invoice.discount === '0' ? [] : [{ name: 'Discount', value: amount(-BigInt(invoice.discount)) }]),
    ...invoice.taxes.map(({ name, rate, net, tax, inclusive }) => ({
      name: `${name ?? 'Tax'} ${percent(rate)} ${inclusive ? 'included in' : 'on'} ${money(net, currency)}`,
      value: amount(tax),
    })),
    { name: `Total ${currency}`, value: amount(invoice.total), strong: true },
    ...(credits === '0' ? [] : [{ name: 'Paid from your wallet', value: amount(-BigInt(credits)) }]),
    ...(due < 0n ? [{ name: 'Added to your wallet', value: amount(-due) }] : []),
    { name: `Amount due ${currency}`, value: amount(due < 0n ? 0n : due), strong: true },
  ]);
  const pay = due > 0n ? [`Please pay ${currency} ${amount(due)} by ${day(due_at)}, and name ${number}.`] : [];
  const notes = invoice.taxes.flatMap(({ note }) => note ?? []);
  closing(sheet, [...notes, ...pay, ...(due > 0n ? seller.payment_details : [])]);
  return sheet.finish(foot(invoice));
}

function creditNotePdf(note: CreditNoteDocument, fonts: Fonts): Promise<Uint8Array> {
  const { number, seller, buyer, currency, issued_at, invoice, lines, reason } = note;
  const head = { title: `Credit note ${number}`, author: seller.name, madeAt: new Date(issued_at) };
  const sheet = new Sheet(fonts, head);
  const facts: [string, string][] = [
    ['Number', number],
    ['Date', day(issued_at)],
    ['Of invoice', invoice.number],
    ['Dated', day(invoice.finalized_at)],
    ['Customer', buyer.id],
  ];
  letterhead(sheet, { title: 'Credit note', seller, buyer, facts });
  const columns = [
    { title: 'Credited', width: 0 },
    { title: 'Tax', width: 40 },
    { title: `Net (${currency})`, width: 80 },
  ];
  table(
    sheet,
    columns,
    lines.map((line) => ({
      cells: [cut(line.description, SMALL_PRINT), percent(line.tax_rate), money(line.amount, currency)],
      small: [],
    })),
  );
  const parts: [string, string][] = [
    ['Taken off what is due', note.to_invoice],
    ['Paid back', note.to_refund],
    ['Added to your wallet', note.to_wallet],
  ];
  sums(sheet, [
    { name: 'Net', value: money(note.subtotal, currency) },
    { name: 'Tax', value: money(note.tax, currency) },
    { name: `Total credited ${currency}`, value: money(note.total, currency), strong: true },
    ...parts.filter(([, minor]) => minor !== '0').map(([name, minor]) => ({ name, value: money(minor, currency) })),
  ]);
  closing(sheet, [`Reason: ${reason}`]);
  return sheet.finish(foot(note));
}

function smallPrint(line: DocumentLine, currency: string): string[] {
  const { explanation, service, discount, plan } = line;
  const text = (explanation as { text?: string } | null)?.text;
  return [
    ...(service === null ? [] : [`${plan === null ? '' : `${plan}, `}${days(service)}`]),
    ...(text === undefined || text === line.description ? [] : [cut(text, SMALL_PRINT)]),
    ...(discount === '0' ? [] : [`Discount ${money(discount, currency)}`]),
  ];
}

function closing(sheet: Sheet, lines: readonly string[]): void {
  sheet.y += 24;
  for (const line of lines) {
    const width = sheet.right - sheet.left;
    sheet.space(sheet.height(line, width));
    sheet.y += sheet.text(line, sheet.left, sheet.y, width);
  }
}

const percent = (rate: string | null): string => (rate === null ? '' : `${rate} %`);

const foot = (facts: InvoiceDocument | CreditNoteDocument): string =>
  `${facts.seller.name} · ${facts.number} · SHA-256 ${documentBytes(facts).hash}`;
