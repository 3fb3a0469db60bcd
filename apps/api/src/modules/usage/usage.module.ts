import { Module } from '@nestjs/common';
import { EventIntake } from './event-intake.js';
import { EventRecorder } from './event-recorder.js';
import { UsageEventsController } from './usage-events.controller.js';
import { UsageSubjects } from './usage-subjects.js';

@Module({
  controllers: [UsageEventsController],
  providers: [EventIntake, EventRecorder, UsageSubjects],
})
export class UsageModule {}
