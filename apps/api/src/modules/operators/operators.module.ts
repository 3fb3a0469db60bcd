import { Module } from '@nestjs/common';
import { ConsoleSessions } from './console-sessions.js';
import { OperatorsController } from './operators.controller.js';
import { OverviewController } from './overview.controller.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { Passkeys } from './passkeys.js';
import { Proofs } from './proofs.js';
import { SecondFactorsController } from './second-factors.controller.js';
import { OwnSecondFactors } from './second-factors.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { SessionStrategy } from './session.strategy.js';
import { VerificationController } from './verification.controller.js';

@Module({
  controllers: [
    SessionController,
    VerificationController,
    SecondFactorsController,
    OwnSessionsController,
    OperatorsController,
    OverviewController,
  ],
  providers: [ConsoleSessions, SessionService, SessionStrategy, Proofs, Passkeys, OwnSecondFactors],
})
export class OperatorsModule {}
