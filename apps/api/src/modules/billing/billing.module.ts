import { Module } from '@nestjs/common';
import { CatalogueController } from './catalogue.controller.js';
import { DunningController } from './dunning.controller.js';
import { PlanMigrations } from './plan-migrations.js';
import { PlansController } from './plans.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';

@Module({
  controllers: [CatalogueController, DunningController, PlansController, SubscriptionsController],
  providers: [PlanMigrations],
})
export class BillingModule {}
