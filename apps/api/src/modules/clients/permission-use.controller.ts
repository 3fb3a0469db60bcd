import { clientParams } from '@bastionary/contracts/clients';
import { type PermissionUse, permissionUse } from '@bastionary/contracts/permission-use';
import { permissionUseOf } from '@bastionary/oauth/actions/permission-use';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs } from '../../platform/access.js';
import { DATABASE, type Database } from '../../platform/providers.js';

@ApiTags('clients')
@Controller('api/clients/:client_id/permission-use')
export class PermissionUseController {
  constructor(@Inject(DATABASE) private readonly db: Database) {}

  @Get()
  @Needs('clients:read')
  @ApiOperation({ summary: 'Which of its scopes a client asked for in the last 90 days, and which would be enough' })
  @ApiOkResponse({ standardSchema: permissionUse })
  read(@Param({ schema: clientParams }) { client_id }: { client_id: string }): Promise<PermissionUse> {
    return permissionUseOf(this.db, client_id, new Date());
  }
}
