import { EVENT_TYPES, type EventTypeList, eventTypeList } from '@bastionary/contracts/events';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs, OpenToCustomers } from '../../platform/access.js';

@ApiTags('webhooks')
@Controller('api/event-types')
export class EventTypesController {
  @Get()
  @Needs('webhooks:read')
  @OpenToCustomers('nobody')
  @ApiOperation({ summary: 'Every type of event that a webhook endpoint can subscribe to' })
  @ApiOkResponse({ standardSchema: eventTypeList })
  list(): EventTypeList {
    return { data: Object.entries(EVENT_TYPES).map(([type, description]) => ({ type, description })) };
  }
}
