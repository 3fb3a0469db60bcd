import { Module } from '@nestjs/common';
import { OverviewController } from './overview.controller.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { SessionStrategy } from './session.strategy.js';

@Module({ controllers: [SessionController, OverviewController], providers: [SessionService, SessionStrategy] })
export class OperatorsModule {}
