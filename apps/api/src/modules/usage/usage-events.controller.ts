import { listReceivedEvents } from '@bastionary/billing/actions/metering/received-events';
import { uncountedReasons } from '@bastionary/billing/actions/metering/uncounted-reasons';
import {
  type ReceivedEventPage,
  type ReceivedEventQuery,
  receivedEventPage,
  receivedEventQuery,
  type UsageReceipt,
  usageReceipt,
} from '@bastionary/contracts/usage';
import { AppError } from '@bastionary/platform/app-error';
import { Controller, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Needs, OpenToCustomers } from '../../platform/access.js';
import { actorOf, customerOf, principalOf } from '../../platform/principal.js';
import { CONFIG, type Config, DATABASE, type Database } from '../../platform/providers.js';
import { EventIntake } from './event-intake.js';
import { fromEventCursor, toEventCursor, toReceivedEvent } from './received-event-view.js';

@ApiTags('usage')
@Controller('api')
export class UsageEventsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(DATABASE) private readonly db: Database,
    private readonly intake: EventIntake,
  ) {}

  @Post(['usage/events', 'v1/events'])
  @HttpCode(200)
  @Needs('usage:write')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Send usage events: one, or many in an array. Sent again, an event counts once' })
  @ApiConsumes('application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json')
  @ApiBody({ schema: { $ref: '#/components/schemas/UsageEvents' } })
  @ApiOkResponse({ standardSchema: usageReceipt })
  send(@Req() request: FastifyRequest): Promise<UsageReceipt> {
    const form = formOf(request);
    const events = this.eventsOf(request.body, form);
    const sender = { actor: actorOf(principalOf(request)), customerId: customerOf(request) };
    return this.intake.receive(events, form !== 'json', sender, Date.now());
  }

  @Get('usage/events')
  @Needs('usage:read')
  @OpenToCustomers('query')
  @ApiOperation({ summary: 'Was my event accepted, and why not: what was received, the newest first' })
  @ApiOkResponse({ standardSchema: receivedEventPage })
  async list(
    @Query({ schema: receivedEventQuery }) query: ReceivedEventQuery,
    @Req() request: FastifyRequest,
  ): Promise<ReceivedEventPage> {
    const { limit, cursor, id, source, customer, type, result, from, to } = query;
    const own = customerOf(request);
    const rows = await listReceivedEvents(this.db, own, {
      limit,
      after: cursor === undefined ? undefined : fromEventCursor(cursor),
      name: id === undefined || source === undefined ? undefined : { id, source },
      customer,
      type,
      result,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    });
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    const uncounted = await uncountedReasons(this.db, data);
    return {
      data: data.map((row, place) => toReceivedEvent(row, uncounted[place] ?? null)),
      next_cursor: rows.length > limit && last !== undefined ? toEventCursor(last) : null,
    };
  }

  /** @throws AppError invalid_request unless it is an event or an array of some, body_too_large if these are too many */
  private eventsOf(body: unknown, form: Form): readonly unknown[] {
    const { USAGE_EVENTS_MAX: most } = this.config;
    if (typeof body !== 'object' || body === null) throw noEvents('must be an event or an array of events');
    if (!Array.isArray(body)) {
      if (form === 'batch') throw noEvents('must be an array: application/cloudevents+json is one event');
      return [body];
    }
    if (form === 'event') throw noEvents('must be one event: an array is application/cloudevents-batch+json');
    if (body.length > most) {
      throw new AppError(
        'body_too_large',
        `These are ${body.length} events; ${most} at most are taken at once. Split them.`,
      );
    }
    return body;
  }
}

type Form = 'json' | 'event' | 'batch';

const formOf = ({ headers }: FastifyRequest): Form => {
  const type = headers['content-type']?.toLowerCase() ?? '';
  if (type.startsWith('application/cloudevents+json')) return 'event';
  return type.startsWith('application/cloudevents-batch+json') ? 'batch' : 'json';
};

function noEvents(message: string): AppError {
  return new AppError('invalid_request', `The body ${message}.`, {
    faults: [{ path: '', code: 'invalid_type', message }],
  });
}
