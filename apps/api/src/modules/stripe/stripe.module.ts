import { Module } from '@nestjs/common';
import { Desk } from './desk.js';
import { ReconciliationsController } from './reconciliations.controller.js';
import { StripeCustomersController } from './stripe-customers.controller.js';
import { StripeWebhookController } from './stripe-webhook.controller.js';

@Module({
  controllers: [StripeWebhookController, StripeCustomersController, ReconciliationsController],
  providers: [Desk],
})
export class StripeModule {}
