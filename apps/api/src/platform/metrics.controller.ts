import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from './access.js';
import { ChangeFeed } from './change-feed.js';
import { Metrics } from './metrics.js';

@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly feed: ChangeFeed,
  ) {}

  @Get()
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiProduces('text/plain')
  @ApiOperation({ summary: 'Measurements for Prometheus. They name no client; expose the port to whom they concern' })
  async read(): Promise<string> {
    this.metrics.feedCurrent.set(this.feed.isCurrent ? 1 : 0);
    return this.metrics.registry.metrics();
  }
}
