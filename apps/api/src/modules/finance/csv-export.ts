import { Readable } from 'node:stream';
import type { Raw, RowList } from '@bastionary/billing/actions/revenue/row-list';
import { AppError } from '@bastionary/platform/app-error';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { CONFIG, type Config, POOL, type Pool } from '../../platform/providers.js';
import { type Column, csvHeader, csvLines } from './csv.js';

const BATCH = 1_000;
const STATEMENT_MS = 60_000;

/**
 * Streams lists as CSV: a cursor in one snapshot, a batch of rows in memory at a time, however long the list. Each holds a
 * connection while it is read, so that only a few may run at once.
 */
@Injectable()
export class CsvExport {
  private running = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(POOL) private readonly pool: Pool,
  ) {}

  /**
   * @param name of the file, without its ending
   * @param currencyOf of a row
   * @throws AppError unavailable if EXPORTS_MAX run already
   */
  answer<Row>(
    name: string,
    list: RowList<Row>,
    columns: readonly Column<Row>[],
    currencyOf: (row: Row) => string,
  ): StreamableFile {
    if (this.running >= this.config.EXPORTS_MAX) {
      const message = `${this.running} exports are being written already. Try again when one of them is done.`;
      throw new AppError('unavailable', message, { retryAfterSeconds: 5 });
    }
    return new StreamableFile(Readable.from(this.lines(list, columns, currencyOf), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${name}.csv"`,
    });
  }

  // Nothing is opened before somebody reads, and whoever stops reading ends it.
  private async *lines<Row>(
    { rows, toRow }: RowList<Row>,
    columns: readonly Column<Row>[],
    currencyOf: (row: Row) => string,
  ): AsyncGenerator<string> {
    this.running++;
    let client: PoolClient | undefined;
    let isBroken = true;
    try {
      client = await this.pool.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(`SET LOCAL statement_timeout = ${STATEMENT_MS}`);
      await client.query(`SET LOCAL idle_in_transaction_session_timeout = ${STATEMENT_MS}`);
      const text = `DECLARE export_rows NO SCROLL CURSOR FOR SELECT * FROM (${rows.text}) r ORDER BY sort_key DESC, sort_id DESC`;
      await client.query({ text, values: [...rows.values] });
      yield csvHeader(columns);
      for (;;) {
        const batch = await this.fetch(client);
        if (batch.length > 0) yield csvLines(columns, batch.map(toRow), currencyOf);
        if (batch.length < BATCH) break;
      }
      await client.query('COMMIT');
      isBroken = false;
    } finally {
      this.running--;
      // A connection whose transaction was left in the middle is closed, not used again.
      client?.release(isBroken);
    }
  }

  private async fetch(client: PoolClient): Promise<Raw[]> {
    const query = { text: `FETCH ${BATCH} FROM export_rows`, query_timeout: STATEMENT_MS };
    return (await client.query(query)).rows;
  }
}
