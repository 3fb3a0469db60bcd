import { Module } from '@nestjs/common';
import { CallMetering } from './call-metering.js';
import { EventIntake } from './event-intake.js';
import { EventRecorder } from './event-recorder.js';
import { UsageEventsController } from './usage-events.controller.js';
import { UsageSubjects } from './usage-subjects.js';

@Module({
  controllers: [UsageEventsController],
  providers: [CallMetering, EventIntake, EventRecorder, UsageSubjects],
})
export class UsageModule {}
