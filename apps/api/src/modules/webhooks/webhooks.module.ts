import { Module } from '@nestjs/common';
import { DeliveriesController } from './deliveries.controller.js';
import { EventTypesController } from './event-types.controller.js';
import { WebhooksController } from './webhooks.controller.js';

@Module({ controllers: [WebhooksController, DeliveriesController, EventTypesController] })
export class WebhooksModule {}
