import { Module } from '@nestjs/common';
import { CurrentEntitlements } from './current-entitlements.js';
import { CustomersController } from './customers.controller.js';
import { EntitlementsController } from './entitlements.controller.js';
import { FeaturesController } from './features.controller.js';
import { QuotasController } from './quotas.controller.js';

@Module({
  controllers: [CustomersController, EntitlementsController, FeaturesController, QuotasController],
  providers: [CurrentEntitlements],
  exports: [CurrentEntitlements],
})
export class CustomersModule {}
