import { pageOf, type RowList, type RowPosition } from '@bastionary/billing/actions/revenue/row-list';
import { currenciesOf, type Scope, spanOf } from '@bastionary/billing/actions/revenue/spans';
import { Inject, Injectable, type StreamableFile } from '@nestjs/common';
import { invalidCursor } from '../../platform/invalid-cursor.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import type { Column } from './csv.js';
import type { CsvQuery } from './csv-answer.js';
import { CsvExport } from './csv-export.js';

/** What every question of finance may say. */
export interface Question {
  readonly currency?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly as_of?: string | undefined;
}

/** What a question is about once its defaults are known. */
export interface Asked extends Scope {
  /** Never after now. */
  readonly asOf: Date;
  readonly now: Date;
}

/** A list of finance: the same rows as a page on the screen and as CSV. */
export interface FinanceList<Query, Row> {
  /** Of the file. */
  readonly name: string;
  readonly definition: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: (asked: Asked, query: CsvQuery<Query>) => RowList<Row>;
}

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** Answers questions about lists. */
@Injectable()
export class RowAnswers {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly exports: CsvExport,
  ) {}

  /** Settles what a question leaves open. */
  async ask(question: Question): Promise<Asked> {
    const now = new Date();
    const currency = question.currency ?? (await currenciesOf(this.db))[0] ?? 'EUR';
    const asOf = question.as_of === undefined ? now : new Date(question.as_of);
    return { currency, ...spanOf(question, now), asOf: asOf > now ? now : asOf, now };
  }

  async page<Query extends Question & Page, Row>(list: FinanceList<Query, Row>, query: Query) {
    const asked = await this.ask(query);
    const after = query.cursor === undefined ? undefined : fromCursor(query.cursor);
    const { total, data, next } = await pageOf(list.rows(asked, query), this.db, query.limit, after);
    const answer = {
      currency: asked.currency,
      definition: list.definition,
      total,
      data,
      next_cursor: next === null ? null : toCursor(next),
    };
    return { asked, answer };
  }

  async csv<Query, Row>(list: FinanceList<Query, Row>, query: Question & CsvQuery<Query>): Promise<StreamableFile> {
    const asked = await this.ask(query);
    return this.exports.answer(list.name, list.rows(asked, query), list.columns, () => asked.currency);
  }
}

const toCursor = ({ key, id }: RowPosition): string => Buffer.from(`${key} ${id}`).toString('base64url');

/** @throws AppError invalid_request if the text is no cursor of such a list */
function fromCursor(cursor: string): RowPosition {
  const [, key, id] = /^(-?\d{1,18}) ([\w ]{1,100})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (key === undefined || id === undefined) throw invalidCursor();
  return { key: BigInt(key), id };
}
