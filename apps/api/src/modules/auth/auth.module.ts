import { Module } from '@nestjs/common';
import { AuthenticateClient } from './authenticate-client.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BulkRevocationsController } from './bulk-revocations.controller.js';
import { ClientStrategy } from './client.strategy.js';
import { ClientDirectory } from './client-directory.js';
import { CredentialUses } from './credential-uses.js';
import { DiscoveryController } from './discovery.controller.js';
import { FailuresController } from './failures.controller.js';
import { IntrospectionController } from './introspection.controller.js';
import { IssuanceCounter } from './issuance-counter.js';
import { KeyRing } from './key-ring.js';
import { NotBeforeList } from './not-before-list.js';
import { RevocationController } from './revocation.controller.js';
import { RevocationList } from './revocation-list.js';
import { ScopeCatalogue } from './scope-catalogue.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { TokenController } from './token.controller.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenJudge } from './token-judge.js';
import { TokensController } from './tokens.controller.js';

@Module({
  controllers: [
    TokenController,
    IntrospectionController,
    RevocationController,
    DiscoveryController,
    TokensController,
    SigningKeysController,
    FailuresController,
    BulkRevocationsController,
  ],
  providers: [
    AuthenticateClient,
    BearerStrategy,
    ClientDirectory,
    ClientStrategy,
    CredentialUses,
    IssuanceCounter,
    KeyRing,
    NotBeforeList,
    RevocationList,
    ScopeCatalogue,
    TokenIssuer,
    TokenJudge,
  ],
  exports: [KeyRing, ScopeCatalogue],
})
export class AuthModule {}
