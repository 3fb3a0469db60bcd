import { queueReconciliation, type ReconciliationRow } from '@bastionary/billing/actions/stripe/queue-reconciliation';
import { getReportRow, type ReportRow, repairRow } from '@bastionary/billing/actions/stripe/repair-row';
import {
  type Reconciliation,
  type ReconciliationDetail,
  type ReconciliationListQuery,
  type ReconciliationPage,
  type ReconciliationRequest,
  type ReconciliationRowsQuery,
  type ReconciliationRow as RowView,
  reconciliation,
  reconciliationDetail,
  reconciliationListQuery,
  reconciliationPage,
  reconciliationParams,
  reconciliationRequest,
  reconciliationRow,
  reconciliationRowParams,
  reconciliationRowsQuery,
} from '@bastionary/contracts/stripe';
import { toInstant, toInstantOrNull } from '@bastionary/contracts/text';
import { AppError } from '@bastionary/platform/app-error';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { fromCursor, toCursor } from '../../platform/dated-cursor.js';
import { originOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { Desk } from './desk.js';

type Params = { reconciliation_id: string };

const IDS = /^rec_[0-9a-z]{26}$/;

@ApiTags('stripe')
@Controller('api/stripe/reconciliations')
export class ReconciliationsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly desk: Desk,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('payments:write')
  @HttpCode(202)
  @ApiOperation({ summary: 'Hold our payments, refunds, attempts and customers against Stripe’s; a worker does it' })
  @ApiAcceptedResponse({ standardSchema: reconciliation })
  async request(
    @Body({ schema: reconciliationRequest }) body: ReconciliationRequest,
    @Req() request: FastifyRequest,
  ): Promise<Reconciliation> {
    const { now } = this.desk.open;
    const { STRIPE_RECONCILE_DAYS: days } = this.config;
    const origin = originOf(request);
    return this.writer.writeOnce(request, async (tx) =>
      toView(await queueReconciliation(tx, origin, body, days, now())),
    );
  }

  @Get()
  @Needs('revenue:read')
  @ApiOperation({ summary: 'List reconciliations, the newest first' })
  @ApiOkResponse({ standardSchema: reconciliationPage })
  async list(
    @Query({ schema: reconciliationListQuery }) { limit, cursor }: ReconciliationListQuery,
  ): Promise<ReconciliationPage> {
    const after = cursor === undefined ? undefined : fromCursor(cursor, IDS);
    const rows = await this.db.stripeReconciliation.findMany({
      ...(after && { where: { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] } }),
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      data: shown.map(toView),
      next_cursor: last === undefined ? null : toCursor({ at: last.createdAt, id: last.id }),
    };
  }

  @Get(':reconciliation_id')
  @Needs('revenue:read')
  @ApiOperation({ summary: 'One reconciliation with the rows that differ; with all=true also those that matched' })
  @ApiOkResponse({ standardSchema: reconciliationDetail })
  async get(
    @Param({ schema: reconciliationParams }) { reconciliation_id: id }: Params,
    @Query({ schema: reconciliationRowsQuery }) { limit, after, all }: ReconciliationRowsQuery,
  ): Promise<ReconciliationDetail> {
    const row = await this.db.stripeReconciliation.findUnique({ where: { id } });
    if (row === null) throw new AppError('not_found', `There is no reconciliation ${id}.`);
    const rows = await this.db.stripeReconciliationRow.findMany({
      where: {
        reconciliationId: id,
        ...(!all && { state: { not: 'matched' } }),
        ...(after !== undefined && { position: { gt: after } }),
      },
      orderBy: { position: 'asc' },
      take: limit,
    });
    return { ...toView(row), rows: rows.map(toRow) };
  }

  @Post(':reconciliation_id/rows/:position/repair')
  @Needs('payments:write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Mend one row: take over what Stripe says now, or ask it again under the same key' })
  @ApiOkResponse({ standardSchema: reconciliationRow })
  async repair(
    @Param({ schema: reconciliationRowParams }) params: Params & { position: number },
    @Req() request: FastifyRequest,
  ): Promise<RowView> {
    const { reconciliation_id: id, position } = params;
    await getReportRow(this.db, id, position);
    return toRow(await this.desk.ask((desk) => repairRow(desk, originOf(request), id, position)));
  }
}

const NOTHING = { matched: 0, missing_here: 0, missing_there: 0, differs: 0, repaired: 0 };

const toView = (row: ReconciliationRow): Reconciliation => ({
  id: row.id,
  from: toInstant(row.from),
  to: toInstant(row.to),
  state: row.state as Reconciliation['state'],
  repair: row.repairs,
  requested_by: row.requestedBy,
  counts: { ...NOTHING, ...(row.counts as object) },
  error: row.error,
  created_at: toInstant(row.createdAt),
  finished_at: toInstantOrNull(row.finishedAt),
});

const toRow = (row: ReportRow): RowView => ({
  position: row.position,
  kind: row.kind as RowView['kind'],
  state: row.state as RowView['state'],
  stripe_id: row.stripeId,
  our_id: row.ourId,
  customer_id: row.customerId,
  invoice_id: row.invoiceId,
  currency: row.currency,
  here: row.here === null ? null : String(row.here),
  there: row.there === null ? null : String(row.there),
  detail: row.detail,
  repair: row.repair as RowView['repair'],
  repaired_at: toInstantOrNull(row.repairedAt),
  repaired_by: row.repairedBy,
});
