import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/providers.js';
import { CustomersModule } from '../customers/customers.module.js';
import { AuthenticateAssertion } from './authenticate-assertion.js';
import { AuthenticateClient } from './authenticate-client.js';
import { BearerStrategy } from './bearer.strategy.js';
import { BulkRevocationsController } from './bulk-revocations.controller.js';
import { ClientStrategy } from './client.strategy.js';
import { ClientDirectory } from './client-directory.js';
import { RemoteKeys } from './client-keys/remote-keys.js';
import { CredentialUses } from './credential-uses.js';
import { CustomerDirectory } from './customer-directory.js';
import { DiscoveryController } from './discovery.controller.js';
import { Dpop } from './dpop.js';
import { FailuresController } from './failures.controller.js';
import { IntrospectionController } from './introspection.controller.js';
import { IssuanceCounter } from './issuance-counter.js';
import { KeyRing } from './key-ring.js';
import { NotBeforeList } from './not-before-list.js';
import { OpaqueTokens } from './opaque-tokens.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RevocationController } from './revocation.controller.js';
import { RevocationList } from './revocation-list.js';
import { ScopeCatalogue } from './scope-catalogue.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { TokenController } from './token.controller.js';
import { TokenIssuer } from './token-issuer.js';
import { TokenJudge } from './token-judge.js';
import { TokenPlans } from './token-plans.js';
import { TokensController } from './tokens.controller.js';
import { UsedProofs } from './used-proofs.js';

@Module({
  imports: [CustomersModule],
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
    AuthenticateAssertion,
    AuthenticateClient,
    BearerStrategy,
    ClientDirectory,
    ClientStrategy,
    CredentialUses,
    CustomerDirectory,
    Dpop,
    IssuanceCounter,
    KeyRing,
    NotBeforeList,
    OpaqueTokens,
    RefreshTokens,
    { provide: RemoteKeys, useFactory: (config: Config) => new RemoteKeys(config), inject: [CONFIG] },
    RevocationList,
    ScopeCatalogue,
    TokenIssuer,
    TokenJudge,
    TokenPlans,
    UsedProofs,
  ],
  exports: [ClientDirectory, CustomerDirectory, KeyRing, ScopeCatalogue, TokenJudge],
})
export class AuthModule {}
