import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { LicensingModule } from '../licensing.module.js';
import { ComponentsFaceController } from './components-face.controller.js';
import { FaceRoom } from './face-room.js';
import { KeyGuesses } from './key-guesses.js';
import { KeyHeartbeats } from './key-heartbeats.js';
import { KeyValidations } from './key-validations.js';
import { LicensesFaceController } from './licenses-face.controller.js';
import { MachineStrategy } from './machine.strategy.js';
import { MachinesFaceController } from './machines-face.controller.js';
import { ProcessesFaceController } from './processes-face.controller.js';
import { SeenLicenses } from './seen-licenses.js';
import { ValidationController } from './validation.controller.js';

/** What programs with a licence call. */
@Module({
  imports: [CustomersModule, LicensingModule],
  controllers: [
    ValidationController,
    LicensesFaceController,
    MachinesFaceController,
    ComponentsFaceController,
    ProcessesFaceController,
  ],
  providers: [FaceRoom, KeyGuesses, KeyHeartbeats, KeyValidations, MachineStrategy, SeenLicenses],
})
export class MachineFaceModule {}
