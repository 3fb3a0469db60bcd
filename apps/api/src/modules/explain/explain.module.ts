import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { ExplainController } from './explain.controller.js';

@Module({ imports: [CustomersModule], controllers: [ExplainController] })
export class ExplainModule {}
