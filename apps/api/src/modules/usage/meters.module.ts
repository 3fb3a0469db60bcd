import { Module } from '@nestjs/common';
import { MetersController } from './meters.controller.js';
import { ThresholdsController } from './thresholds.controller.js';
import { UsageController } from './usage.controller.js';
import { UsageFigures } from './usage-figures.js';

@Module({ controllers: [MetersController, ThresholdsController, UsageController], providers: [UsageFigures] })
export class MetersModule {}
