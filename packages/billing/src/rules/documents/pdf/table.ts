import type { Sheet } from './sheet.js';

export interface Column {
  readonly title: string;
  /** In points; the first column takes what is left. */
  readonly width: number;
}

export interface Row {
  readonly cells: readonly string[];
  /** Small print below the first cell. */
  readonly small: readonly string[];
}

const GAP = 12;
const PADDING = 6;
const SMALL = { size: 7.5, faint: true };

/** A table whose first column is text and whose others are numbers. Its head is repeated on every page, no row is torn. */
export function table(sheet: Sheet, columns: readonly Column[], rows: readonly Row[]): void {
  const others = columns.slice(1).reduce((sum, { width }) => sum + width + GAP, 0);
  const first = sheet.right - sheet.left - others;
  const write = (cells: readonly string[], style: { faint?: boolean; size?: number }): void => {
    let x = sheet.left;
    for (const [index, cell] of cells.entries()) {
      const width = index === 0 ? first : (columns[index]?.width ?? 0);
      sheet.text(cell, x, sheet.y, width, { ...style, align: index === 0 ? 'left' : 'right' });
      x += width + GAP;
    }
  };
  const head = (): void => {
    const titles = columns.map(({ title }) => title);
    write(titles, { faint: true, size: 8 });
    sheet.y += 16;
    sheet.rule();
    sheet.y += PADDING;
  };
  sheet.space(60);
  head();
  for (const { cells, small } of rows) {
    const top = sheet.height(cells[0] ?? '', first);
    const print = small.map((line) => sheet.height(line, first, SMALL));
    const height = print.reduce((sum, one) => sum + one, top) + PADDING;
    if (sheet.space(height)) head();
    write(cells, {});
    sheet.y += top;
    for (const [index, line] of small.entries()) {
      sheet.text(line, sheet.left, sheet.y, first, SMALL);
      sheet.y += print[index] ?? 0;
    }
    sheet.y += PADDING;
  }
  sheet.rule();
  sheet.y += PADDING + 2;
}

/** Sums below a table, on the right; the strong ones are those that count. */
export function sums(
  sheet: Sheet,
  lines: readonly { readonly name: string; readonly value: string; readonly strong?: boolean }[],
): void {
  const width = 260;
  const x = sheet.right - width;
  sheet.space(lines.length * 17);
  for (const { name, value, strong = false } of lines) {
    const style = strong ? { size: 11, bold: true } : {};
    sheet.text(name, x, sheet.y, width - 100, style);
    sheet.y += sheet.text(value, sheet.right - 100, sheet.y, 100, { ...style, align: 'right' }) + 2;
  }
}
