import PDFDocument from 'pdfkit';
import { toMajor } from '../../rating/money.js';

/** The bytes of two TrueType fonts, embedded as far as they are used. */
export interface Fonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

interface Head {
  readonly title: string;
  readonly author: string;
  /** Of the document, not of the file: the same document is always the same bytes. */
  readonly madeAt: Date;
}

interface Style {
  readonly size?: number;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly align?: 'left' | 'right';
}

const MARGIN = 56;
const FOOT = 64;
const INK = '#1a1a1a';
const FAINT = '#6b6b6b';
const HAIRLINE = '#d4d4d4';
const LEADING = 3;

/** Pages of A4 that fill from top to bottom. Places and sizes are points, from the upper left corner. */
export class Sheet {
  readonly left = MARGIN;
  readonly right: number;
  y = MARGIN;
  private readonly doc: PDFKit.PDFDocument;
  private readonly chunks: Uint8Array[] = [];

  constructor(fonts: Fonts, { title, author, madeAt }: Head) {
    this.doc = new PDFDocument({
      size: 'A4',
      // Text near the foot must not make a page by itself: pages break where `space` says.
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
      bufferPages: true,
      lang: 'en',
      displayTitle: true,
      info: { Title: title, Author: author, CreationDate: madeAt, ModDate: madeAt },
    });
    this.doc.registerFont('regular', Buffer.from(fonts.regular));
    this.doc.registerFont('bold', Buffer.from(fonts.bold));
    this.right = this.doc.page.width - MARGIN;
    this.doc.on('data', (chunk: Uint8Array) => this.chunks.push(chunk));
  }

  /** Writes a paragraph at a place; @returns its height. */
  text(content: string, x: number, y: number, width: number, style: Style = {}): number {
    this.dress(style);
    const options = { width, align: style.align ?? 'left', lineGap: LEADING } as const;
    const height = this.doc.heightOfString(content, options);
    this.doc.text(content, x, y, options);
    return height;
  }

  /** How high a paragraph would be. */
  height(content: string, width: number, style: Style = {}): number {
    this.dress(style);
    return this.doc.heightOfString(content, { width, lineGap: LEADING });
  }

  /** Writes lines below each other. @returns where they end */
  block(lines: readonly (readonly [string, Style?])[], x: number, y: number, width: number): number {
    let at = y;
    for (const [content, style] of lines) at += this.text(content, x, at, width, style);
    return at;
  }

  /** A hairline over the whole width, at `y`. */
  rule(): void {
    this.doc.lineWidth(0.5).strokeColor(HAIRLINE).moveTo(this.left, this.y).lineTo(this.right, this.y).stroke();
  }

  /** Makes sure that `height` fits on the page. @returns whether that took a new one */
  space(height: number): boolean {
    if (this.y + height <= this.doc.page.height - FOOT) return false;
    this.doc.addPage();
    this.y = MARGIN;
    return true;
  }

  /** Ends the document with a foot on every page. */
  async finish(foot: string): Promise<Uint8Array> {
    const { count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(page);
      const y = this.doc.page.height - FOOT + 24;
      const width = this.right - this.left;
      this.text(foot, this.left, y, width - 80, { size: 7, faint: true });
      this.text(`Page ${page + 1} of ${count}`, this.right - 80, y, 80, { size: 7, faint: true, align: 'right' });
    }
    const ended = new Promise<void>((resolve, reject) => this.doc.once('end', resolve).once('error', reject));
    this.doc.end();
    await ended;
    return Buffer.concat(this.chunks);
  }

  private dress({ size = 9, bold = false, faint = false }: Style): void {
    this.doc
      .font(bold ? 'bold' : 'regular')
      .fontSize(size)
      .fillColor(faint ? FAINT : INK);
  }
}

/** Minor units as people read them: `-1,234.50`. */
export const money = (minor: string, currency: string): string => decimal(toMajor(minor, currency));

/** A decimal as people read it. */
export const decimal = (text: string): string => {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};

/** An instant as a day, in UTC, as documents count them. */
export const day = (instant: string): string => instant.slice(0, 10);

/** The days of a half-open span, the last included. */
export const days = ({ start, end }: { readonly start: string; readonly end: string }): string =>
  `${day(start)} to ${day(new Date(Math.max(Date.parse(end) - 1, Date.parse(start))).toISOString())}`;

/** What is printed of a text that could be of any length. */
export const cut = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
