import { Module } from '@nestjs/common';
import { MetersController } from './meters.controller.js';
import { ThresholdsController } from './thresholds.controller.js';
import { UsageController } from './usage.controller.js';

@Module({ controllers: [MetersController, ThresholdsController, UsageController] })
export class MetersModule {}
