import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { BulkController } from './bulk.controller.js';
import { ClientsController } from './clients.controller.js';
import { CredentialsController } from './credentials.controller.js';
import { PermissionUseController } from './permission-use.controller.js';
import { ResourcesController } from './resources.controller.js';
import { UsageController } from './usage.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [
    BulkController,
    ClientsController,
    CredentialsController,
    PermissionUseController,
    ResourcesController,
    UsageController,
  ],
})
export class ClientsModule {}
