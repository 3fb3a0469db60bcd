import { Module } from '@nestjs/common';
import { KnownPolicies } from './known-policies.js';
import { LicenseActsController } from './license-acts.controller.js';
import { LicenseAnswers } from './license-answers.js';
import { LicenseFilesController } from './license-files.controller.js';
import { LicenseFiles } from './license-files.js';
import { LicenseKeyRing } from './license-key-ring.js';
import { LicenseKeysController } from './license-keys.controller.js';
import { LicensePoliciesController } from './license-policies.controller.js';
import { LicenseProductsController } from './license-products.controller.js';
import { LicenseTokensController } from './license-tokens.controller.js';
import { LicensesController } from './licenses.controller.js';
import { MachinesController } from './machines.controller.js';
import { PublishedKeysController } from './published-keys.controller.js';
import { SignedRevocations } from './signed-revocations.js';

@Module({
  controllers: [
    LicensePoliciesController,
    LicenseProductsController,
    LicensesController,
    LicenseActsController,
    LicenseFilesController,
    LicenseTokensController,
    MachinesController,
    LicenseKeysController,
    PublishedKeysController,
  ],
  providers: [KnownPolicies, LicenseAnswers, LicenseFiles, LicenseKeyRing, SignedRevocations],
  exports: [KnownPolicies, LicenseAnswers, LicenseFiles, LicenseKeyRing, SignedRevocations],
})
export class LicensingModule {}
