import {
  creditNoteViews,
  getCreditNote,
  listCreditNotes,
} from '@bastionary/billing/actions/documents/find-credit-note';
import {
  type CreditNote,
  type CreditNoteListQuery,
  type CreditNotePage,
  creditNote,
  creditNoteListQuery,
  creditNotePage,
  creditNoteParams,
} from '@bastionary/contracts/invoices';
import { Controller, Get, Inject, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { datedPage } from './dated-page.js';

type Params = { credit_note_id: string };

const IDS = /^crn_[0-9a-z]{26}$/;

@ApiTags('credit-notes')
@Controller('api/credit-notes')
export class CreditNotesController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'List credit notes, the newest first; a customer sees its own' })
  @ApiOkResponse({ standardSchema: creditNotePage })
  list(
    @Query({ schema: creditNoteListQuery }) query: CreditNoteListQuery,
    @Req() request: FastifyRequest,
  ): Promise<CreditNotePage> {
    return datedPage(
      query,
      IDS,
      (after) => listCreditNotes(this.db, customerOf(request), query, after),
      (rows) => creditNoteViews(this.db, rows),
    );
  }

  @Get(':credit_note_id')
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'One credit note: what of which line it takes back, and where that goes' })
  @ApiOkResponse({ standardSchema: creditNote })
  async get(@Param({ schema: creditNoteParams }) params: Params, @Req() request: FastifyRequest): Promise<CreditNote> {
    const row = await getCreditNote(this.db, params.credit_note_id, customerOf(request));
    const [view] = await creditNoteViews(this.db, [row]);
    return view as CreditNote;
  }
}
