import { Module } from '@nestjs/common';
import { Desk } from './desk.js';
import { StripeCustomersController } from './stripe-customers.controller.js';
import { StripeWebhookController } from './stripe-webhook.controller.js';

@Module({
  controllers: [StripeWebhookController, StripeCustomersController],
  providers: [Desk],
})
export class StripeModule {}
