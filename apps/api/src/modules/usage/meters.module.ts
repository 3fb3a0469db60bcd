import { Module } from '@nestjs/common';
import { MetersController } from './meters.controller.js';
import { UsageController } from './usage.controller.js';

@Module({ controllers: [MetersController, UsageController] })
export class MetersModule {}
