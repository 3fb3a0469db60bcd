import {
  type CreateSegmentRequest,
  createSegmentRequest,
  type Segment,
  type SegmentList,
  segment,
  segmentList,
  segmentParams,
  type UpdateSegmentRequest,
  updateSegmentRequest,
} from '@bastionary/contracts/environments';
import {
  createSegment,
  deleteSegment,
  getSegment,
  listSegments,
  updateSegment,
} from '@bastionary/flags/actions/segments';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../platform/access.js';
import { originOf } from '../../platform/principal.js';
import { DATABASE, type Database } from '../../platform/providers.js';
import { Writer } from '../../platform/writer.js';
import { ifVersion, toEtag } from '../clients/etag.js';
import { toSegment } from './flag-views.js';

type Params = { segment_key: string };

@ApiTags('segments')
@Controller('api/segments')
export class SegmentsController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly writer: Writer,
  ) {}

  @Post()
  @Needs('flags:write')
  @ApiOperation({ summary: 'Make a segment: named conditions that flags share, in every environment' })
  @ApiCreatedResponse({ standardSchema: segment })
  create(
    @Body({ schema: createSegmentRequest }) body: CreateSegmentRequest,
    @Req() request: FastifyRequest,
  ): Promise<Segment> {
    return this.writer.writeOnce(request, async (tx) =>
      toSegment(tx, await createSegment(tx, originOf(request), body, new Date())),
    );
  }

  @Get()
  @Needs('flags:read')
  @ApiOperation({ summary: 'List segments, by key' })
  @ApiOkResponse({ standardSchema: segmentList })
  async list(): Promise<SegmentList> {
    const rows = await listSegments(this.db);
    return { data: await Promise.all(rows.map((row) => toSegment(this.db, row))) };
  }

  @Get(':segment_key')
  @Needs('flags:read')
  @ApiOperation({ summary: 'One segment. Its ETag goes into If-Match of an edit' })
  @ApiOkResponse({ standardSchema: segment })
  async get(
    @Param({ schema: segmentParams }) { segment_key }: Params,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Segment> {
    const row = await getSegment(this.db, segment_key);
    reply.header('etag', toEtag(row.version));
    return toSegment(this.db, row);
  }

  @Patch(':segment_key')
  @Needs('flags:write')
  @ApiOperation({ summary: 'Change who is in a segment' })
  @ApiOkResponse({ standardSchema: segment })
  async update(
    @Param({ schema: segmentParams }) { segment_key }: Params,
    @Body({ schema: updateSegmentRequest }) body: UpdateSegmentRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Segment> {
    const version = ifVersion(request);
    const row = await this.writer.write((tx) =>
      updateSegment(tx, originOf(request), segment_key, body, version, new Date()),
    );
    reply.header('etag', toEtag(row.version));
    return toSegment(this.db, row);
  }

  @Delete(':segment_key')
  @HttpCode(204)
  @Needs('flags:write')
  @ApiOperation({ summary: 'Delete a segment that nothing asks for' })
  @ApiNoContentResponse()
  async remove(
    @Param({ schema: segmentParams }) { segment_key }: Params,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.writer.write((tx) => deleteSegment(tx, originOf(request), segment_key));
  }
}
