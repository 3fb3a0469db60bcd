import { creditNotePdf } from '@bastionary/billing/actions/documents/document-pdf';
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
import { Controller, Get, Inject, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { customerOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { datedPage } from './dated-page.js';
import { pdfAnswer } from './pdf-answer.js';

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

  @Get(':credit_note_id/pdf')
  @Needs('invoices:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'A credit note as a PDF' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async pdf(
    @Param({ schema: creditNoteParams }) params: Params,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return pdfAnswer(await creditNotePdf(this.db, params.credit_note_id, customerOf(request)), reply);
  }
}
