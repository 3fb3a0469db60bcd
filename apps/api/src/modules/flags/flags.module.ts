import { Module } from '@nestjs/common';
import { ClientKeysController } from './client-keys.controller.js';
import { EnvironmentsController } from './environments.controller.js';
import { FlagScheduleController } from './flag-schedule.controller.js';
import { FlagSettingsController } from './flag-settings.controller.js';
import { FlagTesterController } from './flag-tester.controller.js';
import { FlagsController } from './flags.controller.js';
import { SegmentsController } from './segments.controller.js';
import { ServingModule } from './serving/serving.module.js';

@Module({
  imports: [ServingModule],
  controllers: [
    FlagsController,
    FlagSettingsController,
    FlagScheduleController,
    FlagTesterController,
    EnvironmentsController,
    ClientKeysController,
    SegmentsController,
  ],
})
export class FlagsModule {}
