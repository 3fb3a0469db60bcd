import { AppError } from '@bastionary/platform/app-error';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from './access.js';
import { ChangeFeed } from './change-feed.js';
import { DATABASE, type Database } from './providers.js';

@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly feed: ChangeFeed,
  ) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'Whether the process runs' })
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({ summary: 'Whether the process can do its work: the database answers and the change feed is current' })
  async ready(): Promise<{ status: string }> {
    await this.db.$queryRaw`SELECT 1`;
    if (!this.feed.isCurrent)
      throw new AppError('unavailable', 'The change feed of the database is away.', { retryAfterSeconds: 1 });
    return { status: 'ok' };
  }
}
