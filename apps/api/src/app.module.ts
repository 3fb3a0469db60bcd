import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { BillingModule } from './modules/billing/billing.module.js';
import { ClientsModule } from './modules/clients/clients.module.js';
import { CustomersModule } from './modules/customers/customers.module.js';
import { ExplainModule } from './modules/explain/explain.module.js';
import { FinanceModule } from './modules/finance/finance.module.js';
import { FlagsModule } from './modules/flags/flags.module.js';
import { DocumentsModule } from './modules/invoices/documents.module.js';
import { LicensingModule } from './modules/licensing/licensing.module.js';
import { MachineFaceModule } from './modules/licensing/machine-face/machine-face.module.js';
import { OperatorsModule } from './modules/operators/operators.module.js';
import { SearchModule } from './modules/search/search.module.js';
import { StripeModule } from './modules/stripe/stripe.module.js';
import { MetersModule } from './modules/usage/meters.module.js';
import { UsageModule } from './modules/usage/usage.module.js';
import { WalletsModule } from './modules/wallets/wallets.module.js';
import { WebhooksModule } from './modules/webhooks/webhooks.module.js';
import { AccessGuard } from './platform/access.guard.js';
import { ErrorFilter } from './platform/error.filter.js';
import { PlatformModule } from './platform/platform.module.js';
import type { Resources } from './platform/providers.js';
import { ValidationPipe } from './platform/validation.pipe.js';

@Module({})
export class AppModule {
  static with(resources: Resources): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(resources),
        AuthModule,
        ClientsModule,
        CustomersModule,
        BillingModule,
        MetersModule,
        DocumentsModule,
        WalletsModule,
        UsageModule,
        StripeModule,
        MachineFaceModule,
        LicensingModule,
        FlagsModule,
        ExplainModule,
        FinanceModule,
        OperatorsModule,
        AuditModule,
        WebhooksModule,
        SearchModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: ValidationPipe },
        ErrorFilter,
        { provide: APP_FILTER, useExisting: ErrorFilter },
      ],
    };
  }
}
