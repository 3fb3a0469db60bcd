import { type ResourceList, resourceList } from '@bastionary/contracts/resources';
import { listResources } from '@bastionary/oauth/actions/resources';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('clients')
@Controller('api/resources')
export class ResourcesController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'The protected APIs and the scopes they own' })
  @ApiOkResponse({ standardSchema: resourceList })
  async list(): Promise<ResourceList> {
    const resources = await listResources(this.db);
    return {
      data: resources.map(({ identifier, name, scopes }) => ({
        identifier,
        name,
        scopes: scopes.map((scope) => ({ name: scope.name, description: scope.description })),
      })),
    };
  }
}
